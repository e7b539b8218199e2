import fc from 'fast-check';

import { summarise, summaryRide } from '../../../nodes/Terra/output';
import { UNKNOWN_ATHLETE } from '../../../nodes/Terra/ride/athlete';
import { unwantedBecause } from '../../../nodes/Terra/ride/filter';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import { lapRows } from '../../../nodes/Terra/rows/lapRow';
import { rideSentence } from '../../../nodes/Terra/rows/messages';
import { rideRow } from '../../../nodes/Terra/rows/rideRow';
import { ridePicture, toSvg } from '../../../nodes/Terra/pictures';

const UNITS = ['terra', 'metric', 'imperial'] as const;
const DAY = '2026-11-21';

const ride = (value: unknown) =>
	rideOf({
		metadata: { summary_id: 's', type: 1, start_time: `${DAY}T09:00:00Z`, end_time: value },
		active_durations_data: { activity_seconds: value },
		distance_data: {
			summary: { distance_meters: value, elevation: { gain_actual_meters: value } },
			detailed: {
				elevation_samples: [0, 9].map((second) => ({
					timestamp: `${DAY}T09:00:0${second}Z`,
					elev_meters: value,
				})),
			},
		},
		movement_data: { avg_speed_meters_per_second: value, avg_cadence_rpm: value },
		power_data: { avg_watts: value, max_watts: value },
		work_data: { work_kilojoules: value },
		calories_data: { total_burned_calories: value },
		heart_rate_data: { summary: { avg_hr_bpm: value, max_hr_bpm: value } },
		TSS_data: {
			TSS_samples: [
				{ actual: value, normalized_power_watts: value, intensity_factor_actual: value },
			],
		},
		lap_data: {
			laps: [
				{
					start_time: `${DAY}T09:00:00Z`,
					end_time: `${DAY}T09:00:05Z`,
					distance_meters: value,
					avg_speed_meters_per_second: value,
				},
			],
		},
	});

const worst = fc.oneof(
	fc.constantFrom<unknown>(0, -0, -1, 1e308, -1e308, 5e-324, null, NaN, Infinity, '', [], {}),
	fc.double(),
);

describe('whatever numbers Terra sends', () => {
	it('each figure is null or a finite number of at least 0, in every unit', () => {
		fc.assert(
			fc.property(worst, worst, fc.constantFrom(...UNITS), (one, other, units) => {
				const rides = [ride(one), ride(other)];
				const options = { grouping: 'week', from: DAY, to: DAY, units, bests: [] } as const;
				const view = { units, times: 'sent', figures: [], athlete: UNKNOWN_ATHLETE } as const;
				const summed = rides.map((each) => summaryRide(each, DAY, 250, []));
				const rows = [
					...rides.map((each) => rideRow(each, {}, { units })),
					...rides.flatMap((each) => lapRows(each, view)),
					...summarise({ user_id: 'u' }, summed, true, options),
					...rides.map((each) => ({ sentence: rideSentence(each, units) })),
					...rides.map((each) => ({ chart: toSvg(ridePicture('chart', each, { units })) })),
				];
				for (const [name, cell] of rows.flatMap((row) => Object.entries(row))) {
					if (typeof cell === 'string') expect(cell).not.toMatch(/NaN|Infinity/);
					if (typeof cell !== 'number') continue;
					expect([name, cell, Number.isFinite(cell)]).toEqual([name, cell, true]);
					if (name !== 'form') expect([name, cell, cell >= 0]).toEqual([name, cell, true]);
				}
			}),
		);
	});

	it('no filter drops a ride because of an absurd value', () => {
		const unwantedUploads: number[] = [];
		const filters = { activityTypes: [], unwantedUploads, minSeconds: 0, minMeters: 0 };
		fc.assert(
			fc.property(worst, (value) => {
				expect(unwantedBecause(ride(value), filters)).toBeUndefined();
			}),
		);
	});
});
