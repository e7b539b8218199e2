import type { Activity } from '../../support/terraTypes';
import type { Read } from './readers';

const START = Date.UTC(2026, 10, 21, 9);
const SECONDS = 600;
export const PAUSE = { after: 290, seconds: 300 };
const LAPS = [0, 160, 360, SECONDS];

export interface Habit {
	pause?: boolean;
	/** Neither positions nor altitude. */
	indoor?: boolean;
	overlappingLaps?: boolean;
	/** The GPS receiver, the heart rate strap and the power meter lose their signal for a while. */
	dropOuts?: boolean;
	/** The elevation is recorded every five seconds in steps of 20 cm, as by a barometer. */
	barometric?: boolean;
	/** The heart rate is recorded while the timer is stopped. */
	pulseInPause?: boolean;
}

const range = (length: number) => Array.from({ length }, (_, index) => index);
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

const speedAt = (second: number) => 8 + 2 * Math.sin(second / 70);
const wattsAt = (second: number) => Math.round(200 + 60 * Math.sin(second / 50));
const pulseAt = (second: number) => Math.round(140 + 15 * Math.sin(second / 200));
const distances = range(SECONDS).reduce(
	(all, second) => [...all, all.at(-1)! + speedAt(second)],
	[0],
);
const distanceAt = (second: number) => distances[second]!;
const heightAt = (metres: number) => 300 - 40 * Math.cos((2 * Math.PI * metres) / 2500);

export const TRUTH = {
	distance: distanceAt(SECONDS - 1),
	seconds: SECONDS - 1,
	laps: LAPS.length - 1,
	watts: sum(range(SECONDS).map(wattsAt)) / SECONDS,
	heartRate: sum(range(SECONDS).map(pulseAt)) / SECONDS,
	ascent: sum(
		range(SECONDS - 1).map((second) =>
			Math.max(0, heightAt(distanceAt(second + 1)) - heightAt(distanceAt(second))),
		),
	),
} satisfies Read;

/** A ride of ten minutes as Terra sends it, recorded by a device with the given habits. */
export function recorded(habit: Habit): Activity {
	const clock = (ridden: number) =>
		ridden + (habit.pause && ridden > PAUSE.after ? PAUSE.seconds : 0);
	const time = (second: number) => new Date(START + second * 1000).toISOString();
	const stamp = (ridden: number) => ({
		timestamp: time(clock(ridden)),
		timer_duration_seconds: ridden,
	});
	const isLost = (from: number, seconds: number) => (second: number) =>
		habit.dropOuts && second >= from && second < from + seconds;
	const series = <T>(value: (second: number) => T, lost = isLost(0, 0)) =>
		range(SECONDS)
			.filter((second) => !lost(second))
			.map((second) => ({ ...stamp(second), ...value(second) }));
	const inPause = range(PAUSE.seconds).map((second) => ({
		timestamp: time(PAUSE.after + second),
		timer_duration_seconds: PAUSE.after,
		bpm: 90,
	}));
	const noSignal = isLost(420, 20);
	const laps = LAPS.slice(1).map((to, lap) => {
		const from = LAPS[lap]!;
		const of = (value: (second: number) => number) =>
			sum(range(to - from).map((second) => value(from + second)));
		return {
			start_time: time(clock(from)),
			end_time: time(clock(Math.min(to, SECONDS - 1)) + (habit.overlappingLaps ? 0.9 : 0)),
			active_duration_seconds: Math.min(to, SECONDS - 1) - from,
			distance_meters: of(speedAt),
			avg_watts: of(wattsAt) / (to - from),
			avg_hr_bpm: of(pulseAt) / (to - from),
			trigger_method: lap === 1 && habit.overlappingLaps ? 'MANUAL' : 'DISTANCE',
		};
	});
	return {
		metadata: {
			summary_id: 'judged',
			name: 'Judged',
			type: habit.indoor ? 18 : 16,
			upload_type: 1,
			start_time: time(0),
			end_time: time(clock(SECONDS - 1)),
		},
		active_durations_data: { activity_seconds: SECONDS - 1 },
		distance_data: {
			summary: { distance_meters: TRUTH.distance },
			detailed: {
				distance_samples: series((second) => ({ distance_meters: distanceAt(second) })),
				elevation_samples: habit.indoor
					? []
					: series((second) => ({
							elev_meters: habit.barometric
								? Math.round(heightAt(distanceAt(second)) * 5) / 5
								: heightAt(distanceAt(second)),
						})).filter((_, second) => !habit.barometric || second % 5 === 2),
			},
		},
		heart_rate_data: {
			summary: { avg_hr_bpm: TRUTH.heartRate },
			detailed: {
				hr_samples: [
					...series((second) => ({ bpm: pulseAt(second) }), isLost(100, 9)),
					...(habit.pulseInPause ? inPause : []),
				],
			},
		},
		power_data: {
			avg_watts: TRUTH.watts,
			power_samples: series((second) => ({ watts: wattsAt(second) }), isLost(200, 7)),
		},
		movement_data: {
			speed_samples: series((second) => ({ speed_meters_per_second: speedAt(second) })),
			cadence_samples: series(() => ({ cadence_rpm: 85 })),
		},
		lap_data: { laps },
		position_data: habit.indoor
			? null
			: {
					position_samples: series((second) => ({
						coords_lat_lng_deg: noSignal(second)
							? [0, 0]
							: [48 + ((distanceAt(second) / 6_371_008) * 180) / Math.PI, 7.84],
					})),
				},
	} as Activity;
}

/** Devices with different habits on outdoor rides, described for the test titles. */
export const outdoors: Array<[string, Habit]> = [
	['that nothing happened in', {}],
	['with a pause', { pause: true }],
	['with a pause that the strap did not notice', { pause: true, pulseInPause: true }],
	['with laps that overlap, one of them pressed', { overlappingLaps: true }],
	['with sensors that dropped out', { dropOuts: true }],
	['with the altitude of a barometer', { barometric: true }],
	[
		'with all of it',
		{ pause: true, pulseInPause: true, overlappingLaps: true, dropOuts: true, barometric: true },
	],
];
