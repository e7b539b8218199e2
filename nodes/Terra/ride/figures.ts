import { tssSample } from '../rows/rideColumns';
import { at, number } from '../terra/read';
import { durationText, secondsBetween } from '../terra/times';
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

/** The figures of a ride with their units; null where Terra has none. For people, so kilometres unless imperial. */
export function figuresOf(activity: unknown, units: Units): Figures {
	const value = (path: string) => number(at(activity, path));
	const tss = tssSample(activity);
	const seconds =
		value('active_durations_data.activity_seconds') ??
		secondsBetween(at(activity, 'metadata.start_time'), at(activity, 'metadata.end_time'));
	return {
		distance: measure(
			'Distance',
			value('distance_data.summary.distance_meters'),
			'distance',
			1,
			units,
		),
		duration: figure('Time', durationText(seconds)),
		climb: measure(
			'Climbing',
			value('distance_data.summary.elevation.gain_actual_meters'),
			'height',
			0,
			units,
		),
		speed: measure('Speed', value('movement_data.avg_speed_meters_per_second'), 'speed', 1, units),
		power: plain('Power', value('power_data.avg_watts'), 'W'),
		normalised: plain('Normalised power', number(tss.normalized_power_watts), 'W'),
		heartRate: plain('Heart rate', value('heart_rate_data.summary.avg_hr_bpm'), 'bpm'),
		cadence: plain('Cadence', value('movement_data.avg_cadence_rpm'), 'rpm'),
		tss: plain('TSS', number(tss.actual), ''),
		work: plain('Work', value('work_data.work_kilojoules'), 'kJ'),
		calories: plain('Energy', value('calories_data.total_burned_calories'), 'kcal'),
	};
}

/** What people read: Terra's own units are for machines. */
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
	if (value === null) return null;
	const { symbol } = unitOf(quantity, readable(units));
	return { label, text: `${round(convert(value, quantity, readable(units)), decimals)} ${symbol}` };
}

function plain(label: string, value: number | null, symbol: string): Figure | null {
	return value === null ? null : { label, text: `${round(value, 0)} ${symbol}`.trimEnd() };
}
