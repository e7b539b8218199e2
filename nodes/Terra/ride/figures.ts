import { durationText } from '../terra/times';
import type { Ride } from './ride';
import { convert, round, unitOf, type Quantity, type Units } from './units';

/** One figure of a ride as people read it: "Distance", "30.6 km". */
export interface Figure {
	label: string;
	text: string;
}

type FigureName =
	| 'distance'
	| 'duration'
	| 'climb'
	| 'speed'
	| 'power'
	| 'normalised'
	| 'heartRate'
	| 'cadence'
	| 'tss'
	| 'work'
	| 'calories';

export type Figures = Readonly<Record<FigureName, Figure | null>>;

/** The figures of a ride with their units, for people to read; null if Terra has none. */
export function figuresOf(ride: Ride, units: Units): Figures {
	return {
		distance: measure('Distance', ride.distance, 'distance', 1, units),
		duration: figure('Time', durationText(ride.durationSeconds)),
		climb: measure('Climbing', ride.climb, 'height', 0, units),
		speed: measure('Speed', ride.avgSpeed, 'speed', 1, units),
		power: plain('Power', ride.avgWatts, 'W'),
		normalised: plain('Normalised power', ride.normalizedWatts, 'W'),
		heartRate: plain('Heart rate', ride.avgHeartRate, 'bpm'),
		cadence: plain('Cadence', ride.avgCadence, 'rpm'),
		tss: plain('TSS', ride.tss, ''),
		work: plain('Work', ride.workKilojoules, 'kJ'),
		calories: plain('Energy', ride.calories, 'kcal'),
	};
}

/** Units that people read: kilometres unless imperial, since Terra's own units are for machines. */
export function readable(units: Units): Units {
	return units === 'imperial' ? 'imperial' : 'metric';
}

function figure(label: string, text: string | null): Figure | null {
	return text === null ? null : { label, text };
}

function measure(
	label: string,
	value: number | null,
	quantity: Quantity,
	decimals: number,
	units: Units,
): Figure | null {
	const converted = value === null ? null : convert(value, quantity, readable(units));
	if (converted === null) return null;
	const { symbol } = unitOf(quantity, readable(units));
	return { label, text: `${round(converted, decimals)} ${symbol}` };
}

function plain(label: string, value: number | null, symbol: string): Figure | null {
	return value === null ? null : { label, text: `${round(value, 0)} ${symbol}`.trimEnd() };
}
