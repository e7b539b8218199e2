import { rideOf, type Ride } from '../../../nodes/Terra/ride/ride';

/** One sample of a device: seconds on the clock and on the timer, and the value of each sensor. */
export interface Sample {
	clock: number;
	timer?: number;
	watts?: number;
	bpm?: number;
	rpm?: number;
	speed?: number;
	metres?: number;
}

export const START = Date.UTC(2026, 10, 21, 8);

const timeOf = ({ clock }: Sample) => new Date(START + clock * 1000).toISOString();

/** The recording as one of Terra's activities. */
function activityOf(samples: readonly Sample[], more: object = {}): object {
	const series = (leaf: string, read: (sample: Sample) => number | undefined) =>
		samples
			.filter((sample) => read(sample) !== undefined)
			.map((sample) => ({
				timestamp: timeOf(sample),
				timer_duration_seconds: sample.timer ?? sample.clock,
				[leaf]: read(sample),
			}));
	return {
		metadata: { start_time: new Date(START).toISOString(), summary_id: 'ride' },
		power_data: { power_samples: series('watts', ({ watts }) => watts) },
		heart_rate_data: { detailed: { hr_samples: series('bpm', ({ bpm }) => bpm) } },
		movement_data: {
			cadence_samples: series('cadence_rpm', ({ rpm }) => rpm),
			speed_samples: series('speed_meters_per_second', ({ speed }) => speed),
		},
		distance_data: {
			detailed: { elevation_samples: series('elev_meters', ({ metres }) => metres) },
		},
		...more,
	};
}

export function recorded(samples: readonly Sample[], more: object = {}): Ride {
	return rideOf(activityOf(samples, more));
}

/** A sample every `step` seconds, with the values from a function of the second. */
export function everySecond(
	seconds: number,
	read: (second: number) => Omit<Sample, 'clock'>,
	step = 1,
): Sample[] {
	return Array.from({ length: Math.ceil(seconds / step) }, (_, index) => ({
		clock: index * step,
		...read(index * step),
	}));
}

/** Appends a recording after a stop of so many seconds, during which the timer is stopped. */
export function after(stop: number, first: readonly Sample[], then: readonly Sample[]): Sample[] {
	const last = first.at(-1)!;
	const timerOf = ({ clock, timer = clock }: Sample) => timer;
	return [
		...first,
		...then.map((sample) => ({
			...sample,
			clock: last.clock + 1 + stop + sample.clock,
			timer: timerOf(last) + 1 + timerOf(sample),
		})),
	];
}
