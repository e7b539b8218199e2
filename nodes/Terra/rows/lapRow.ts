import type { AthleteNumbers } from '../ride/athlete';
import { wholeLap, type RiddenLap } from '../ride/laps';
import type { Ride } from '../ride/ride';
import { secondsBetweenInstants, secondsOf } from '../ride/seconds';
import { round, type Units } from '../ride/units';
import type { Row } from '../text/cells';
import { isoUtc, showTime, utcOffset, type Times } from '../terra/times';
import { toRow, type Column } from './columns';
import { figureCells, figureSource } from './figureColumns';

interface LapSource {
	ride: Ride;
	lap: RiddenLap;
	/** From 1. */
	number: number;
	times: Times;
	elapsedSeconds: number | null;
	/** Mean of the samples, if Terra has no average for the lap. */
	meanWatts: number | null;
	meanHeartRate: number | null;
}

/** The columns of a lap, before those of the computed figures. */
export const LAP_COLUMNS: ReadonlyArray<Column<LapSource>> = [
	{
		name: 'lap_key',
		description: 'The key of the ride and the number of the lap: match rows on it',
		read: ({ ride, number }) => ride.key && `${ride.key}:${number}`,
	},
	{
		name: 'activity_key',
		description: 'The key of the ride',
		read: ({ ride }) => ride.key,
	},
	{
		name: 'reference_id',
		description: 'Your own ID for the athlete',
		read: ({ ride }) => ride.referenceId,
	},
	{
		name: 'local_date',
		description: 'Day on which the ride started',
		read: ({ ride }) => ride.localDate,
	},
	{ name: 'name', description: 'What the athlete called the ride', read: ({ ride }) => ride.name },
	{ name: 'lap', description: 'Number of the lap, from 1', read: ({ number }) => number },
	{
		name: 'start_time',
		description: 'Start of the lap, written as the option "Times" says',
		read: ({ ride, lap, times }) => startOf(lap, ride, times),
	},
	{
		name: 'moving_seconds',
		description: 'Time without pauses',
		unit: 's',
		read: ({ lap }) => rounded(lap.seconds),
	},
	{
		name: 'elapsed_seconds',
		description: 'Time including pauses',
		unit: 's',
		read: ({ elapsedSeconds }) => rounded(elapsedSeconds),
	},
	{
		name: 'distance_meters',
		description: 'Distance',
		unit: 'm',
		quantity: 'distance',
		read: ({ lap }) => rounded(lap.distance),
	},
	{
		name: 'avg_watts',
		description: 'Average power; from the samples if Terra has none for the lap',
		unit: 'W',
		read: ({ lap, meanWatts }) => rounded(lap.power ?? meanWatts),
	},
	{
		name: 'avg_hr_bpm',
		description: 'Average heart rate; from the samples if Terra has none for the lap',
		unit: 'bpm',
		read: ({ lap, meanHeartRate }) => rounded(lap.heartRate ?? meanHeartRate),
	},
	{
		name: 'avg_speed_meters_per_second',
		description: 'Average speed',
		unit: 'm/s',
		quantity: 'speed',
		read: ({ lap }) => lap.speed,
	},
	{
		name: 'calories',
		description: 'Energy burned',
		unit: 'kcal',
		read: ({ lap }) => lap.calories,
	},
	{
		name: 'trigger_method',
		description: 'What ended the lap, such as MANUAL or DISTANCE',
		read: ({ lap }) => lap.trigger,
	},
];

export interface LapOptions {
	units: Units;
	times: Times;
	/** Choices of 'Computed Figures'. */
	figures: readonly string[];
	athlete: AthleteNumbers;
}

/** A row for each lap, in time order; a ride without laps is one lap. */
export function lapRows(ride: Ride, { units, times, figures, athlete }: LapOptions): Row[] {
	const seconds = secondsOf(ride.track());
	const laps = ride.laps();
	return (laps.length > 0 ? laps : [wholeRide(ride)]).map((lap, index) => {
		// Samples at the very end, or a little outside, belong to the first or last lap.
		const from = index === 0 ? -Infinity : lap.start;
		const to = index >= laps.length - 1 ? Infinity : lap.end;
		const own = secondsBetweenInstants(seconds, from, to);
		const computed = figureSource(ride, athlete, own);
		const { meanWatts, meanHeartRate } = computed.effort;
		const elapsedSeconds = laps.length > 0 ? (lap.end - lap.start) / 1000 : ride.elapsedSeconds;
		const source = {
			ride,
			lap,
			number: index + 1,
			times,
			elapsedSeconds,
			meanWatts,
			meanHeartRate,
		};
		return { ...toRow(LAP_COLUMNS, source, units), ...figureCells(figures, computed) };
	});
}

function wholeRide(ride: Ride): RiddenLap {
	const start = ride.start ?? 0;
	return wholeLap(ride, { start, end: start + (ride.elapsedSeconds ?? 0) * 1000 });
}

/** Written like the ride's own start, on the same clock. */
function startOf({ start }: RiddenLap, { times, start: rideStart }: Ride, style: Times) {
	if (rideStart === null || times.start === null) return null;
	const { offset } = times.start;
	const wall = times.start.wall + (start - rideStart);
	const zone = utcOffset(times.start)?.replace('UTC', '') ?? '';
	return showTime(isoUtc(wall).replace(/Z$/, zone), { wall, offset }, style);
}

function rounded(value: number | null): number | null {
	return value === null ? null : round(value, 1);
}
