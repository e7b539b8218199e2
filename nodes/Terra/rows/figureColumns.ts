import {
	HEART_RATE_ZONES,
	impliedThreshold,
	POWER_ZONES,
	type AthleteNumbers,
} from '../ride/athlete';
import { effortOf, ratio, type Effort } from '../ride/effort';
import { BEST_SECONDS } from '../ride/power';
import type { Ride } from '../ride/ride';
import { secondsOf, type Seconds } from '../ride/seconds';
import { round } from '../ride/units';
import type { Row } from '../text/cells';

/** The input of a figure. */
export interface FigureSource {
	effort: Effort;
	athlete: AthleteNumbers;
}

interface FigureColumn {
	name: string;
	description: string;
	unit?: string;
	decimals: number;
	read: (source: FigureSource) => number | null;
}

/** One choice of the field 'Computed Figures', with the columns that it adds. */
export interface FigureChoice {
	/** Permanent: saved workflows contain it. */
	value: string;
	name: string;
	description: string;
	columns: readonly FigureColumn[];
}

/** "5 Seconds", "20 Minutes". */
function lengthText(seconds: number): string {
	return seconds < 60 ? `${seconds} Seconds` : `${seconds / 60} Minute${seconds === 60 ? '' : 's'}`;
}

type Best = (typeof BEST_SECONDS)[number];

function bestColumn(seconds: Best): FigureColumn {
	return {
		name: `best_power_${seconds}s_watts`,
		description: `Highest mean power over ${lengthText(seconds).toLowerCase()}`,
		unit: 'W',
		decimals: 1,
		read: ({ effort }) => effort.bests[seconds],
	};
}

/** A choice that is one column, named after it. */
function single(name: string, column: FigureColumn): FigureChoice {
	const { unit, description } = column;
	return {
		value: column.name,
		name,
		description: unit ? `${description} (${unit})` : description,
		columns: [column],
	};
}

function zoneColumns(
	sensor: string,
	zones: number,
	read: (effort: Effort) => ReadonlyArray<number | null>,
): FigureColumn[] {
	return Array.from({ length: zones }, (_, zone) => ({
		name: `${sensor.replace(' ', '_')}_zone_${zone + 1}_seconds`,
		description: `Time in ${sensor} zone ${zone + 1} of ${zones}`,
		unit: 's',
		decimals: 0,
		read: ({ effort }: FigureSource) => read(effort)[zone] ?? null,
	}));
}

/** The classic points of a power profile. */
const PROFILE = [5, 60, 300, 1200] as const satisfies readonly Best[];

const perKilogram = (watts: number | null, { weightKg }: AthleteNumbers) => ratio(watts, weightKg);

const PER_KILOGRAM: readonly FigureColumn[] = [
	...PROFILE.map((seconds) => ({
		name: `best_power_${seconds}s_watts_per_kg`,
		description: `Highest mean power over ${lengthText(seconds).toLowerCase()}, per kilogram`,
		unit: 'W/kg',
		decimals: 2,
		read: ({ effort, athlete }: FigureSource) => perKilogram(effort.bests[seconds], athlete),
	})),
	{
		name: 'weighted_power_watts_per_kg',
		description: 'Weighted power per kilogram',
		unit: 'W/kg',
		decimals: 2,
		read: ({ effort, athlete }) => perKilogram(effort.weightedWatts, athlete),
	},
];

/** The choices, alphabetical as n8n requires; columns come in this order. */
export const FIGURES: readonly FigureChoice[] = [
	...BEST_SECONDS.map((seconds) =>
		single(`Best Power: ${lengthText(seconds)}`, bestColumn(seconds)),
	),
	single('Climbing Rate', {
		name: 'climbing_rate_meters_per_hour',
		description: 'Metres climbed in an hour of climbing (VAM)',
		unit: 'm/h',
		decimals: 0,
		read: ({ effort }) => effort.climbingRate,
	}),
	single('Coasting', {
		name: 'coasting_seconds',
		description: 'Time rolling without pedalling',
		unit: 's',
		decimals: 0,
		read: ({ effort }) => effort.coasting,
	}),
	single('Decoupling', {
		name: 'decoupling_percent',
		description: 'Drop in power per heartbeat from the first half to the second',
		unit: '%',
		decimals: 1,
		read: ({ effort }) => effort.decoupling,
	}),
	single('Efficiency', {
		name: 'efficiency_watts_per_bpm',
		description: 'Weighted power divided by average heart rate',
		unit: 'W/bpm',
		decimals: 3,
		read: ({ effort }) => effort.efficiency,
	}),
	{
		value: 'heart_rate_zones',
		name: 'Heart Rate Zones',
		description: 'Time in each of five zones; needs the threshold or maximum heart rate',
		columns: zoneColumns('heart rate', HEART_RATE_ZONES, (effort) => effort.heartRateZones),
	},
	single('Intensity', {
		name: 'intensity',
		description: 'Weighted power as a share of threshold power',
		decimals: 3,
		read: ({ effort }) => effort.intensity,
	}),
	{
		value: 'power_zones',
		name: 'Power Zones',
		description: 'Time in each of seven zones; needs the threshold power',
		columns: zoneColumns('power', POWER_ZONES, (effort) => effort.powerZones),
	},
	single('Training Load', {
		name: 'training_load',
		description: 'Duration and intensity in one number: 100 is an hour at threshold power',
		decimals: 1,
		read: ({ effort }) => effort.load,
	}),
	single('Variability', {
		name: 'variability',
		description: 'Weighted power divided by average power: 1 is perfectly even',
		decimals: 3,
		read: ({ effort }) => effort.variability,
	}),
	{
		value: 'watts_per_kg',
		name: 'Watts per Kilogram',
		description: 'Best and weighted power per kilogram; needs the weight',
		columns: PER_KILOGRAM,
	},
	single('Weighted Power', {
		name: 'weighted_power_watts',
		description: 'Average power with hard efforts counting more',
		unit: 'W',
		decimals: 1,
		read: ({ effort }) => effort.weightedWatts,
	}),
	single('Work Above Threshold', {
		name: 'work_above_threshold_kilojoules',
		description: 'Work done above the threshold power',
		unit: 'kJ',
		decimals: 1,
		read: ({ effort }) => effort.workAboveThreshold,
	}),
];

/** The effort of a ride or lap. Without the athlete's threshold it uses the one that Terra's figures imply. */
export function figureSource(ride: Ride, athlete: AthleteNumbers, seconds: Seconds): FigureSource {
	const thresholdWatts = athlete.thresholdWatts ?? impliedThreshold(ride);
	const known = { ...athlete, thresholdWatts };
	return { effort: effortOf(seconds, known), athlete: known };
}

/** The columns of the chosen figures; null where samples are missing. */
export function figureCells(chosen: readonly string[], source: FigureSource): Row {
	return Object.fromEntries(
		columnsOf(chosen).map(({ name, decimals, read }) => {
			const value = read(source);
			return [name, value === null ? null : round(value, decimals)];
		}),
	);
}

/** The same for a whole ride, whose samples are read only if there is something to compute. */
export function figureRow(ride: Ride, chosen: readonly string[], athlete: AthleteNumbers): Row {
	if (columnsOf(chosen).length === 0) return {};
	return figureCells(chosen, figureSource(ride, athlete, secondsOf(ride.track())));
}

function columnsOf(chosen: readonly string[]): FigureColumn[] {
	return FIGURES.filter(({ value }) => chosen.includes(value)).flatMap(({ columns }) => columns);
}
