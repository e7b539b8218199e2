/** As Terra sends (metres, metres per second), everyday metric (km, km/h), or imperial (miles, mph, feet). */
export type Units = 'terra' | 'metric' | 'imperial';

export type Quantity = 'distance' | 'height' | 'speed';

interface Unit {
	/** The word in a column's name, in Terra's style: `distance_meters`, `distance_miles`. */
	word: string;
	/** The short form, in sentences and on axes. */
	symbol: string;
	/** How many of it make one metre, or one metre per second. */
	factor: number;
	/** Decimals worth keeping after a conversion. */
	decimals: number;
}

const METRES: Unit = { word: 'meters', symbol: 'm', factor: 1, decimals: 1 };

const UNITS: Readonly<Record<Units, Readonly<Record<Quantity, Unit>>>> = {
	terra: {
		distance: METRES,
		height: METRES,
		speed: { word: 'meters_per_second', symbol: 'm/s', factor: 1, decimals: 2 },
	},
	metric: {
		distance: { word: 'kilometers', symbol: 'km', factor: 1 / 1000, decimals: 3 },
		height: METRES,
		speed: { word: 'kilometers_per_hour', symbol: 'km/h', factor: 3.6, decimals: 2 },
	},
	imperial: {
		distance: { word: 'miles', symbol: 'mi', factor: 1 / 1609.344, decimals: 3 },
		height: { word: 'feet', symbol: 'ft', factor: 1 / 0.3048, decimals: 0 },
		speed: { word: 'miles_per_hour', symbol: 'mph', factor: 3600 / 1609.344, decimals: 2 },
	},
};

export function unitOf(quantity: Quantity, units: Units): Unit {
	return (Object.hasOwn(UNITS, units) ? UNITS[units] : UNITS.terra)[quantity];
}

/**
 * Converts a value in metres or metres per second to the wanted unit, and rounds it; if no conversion is needed, it stays
 * as Terra sent it. Null if it is too large to be a number in that unit.
 */
export function convert(value: number, quantity: Quantity, units: Units): number | null {
	const { factor, decimals } = unitOf(quantity, units);
	const converted = factor === 1 ? value : round(value * factor, decimals);
	return Number.isFinite(converted) ? converted : null;
}

export function round(value: number, decimals: number): number {
	const scale = 10 ** decimals;
	const rounded = Math.round(value * scale) / scale;
	return Number.isFinite(rounded) ? rounded : value;
}
