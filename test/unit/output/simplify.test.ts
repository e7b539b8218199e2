import fc from 'fast-check';

import { RECORD_COLUMNS } from '../../../nodes/Terra/rows/recordColumns';
import { essentialView, present } from '../../../nodes/Terra/output';
import type { JsonObject } from '../../../nodes/Terra/terra/json';
import { recordRow } from '../../../nodes/Terra/rows/recordRow';
import { recordKey } from '../../../nodes/Terra/terra/keys';
import type { TerraUser } from '../../support/terraTypes';
import { fullActivity, user } from './model';
import { activityRow } from './faces';
import { keyOf } from '../../support/keyOf';

const id = user.user_id;
const metadata = {
	start_time: '2026-11-14T00:00:00.000000+01:00',
	end_time: '2026-11-15T00:00:00.000000+01:00',
};
const isCell = (value: unknown) =>
	value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);

/** A record with a different value at each path. */
function recordWith(values: Record<string, unknown>): Record<string, unknown> {
	const record: Record<string, unknown> = {};
	for (const [path, value] of Object.entries(values)) {
		const keys = path.split('.');
		let parent = record;
		for (const key of keys.slice(0, -1)) parent = (parent[key] ??= {}) as Record<string, unknown>;
		parent[keys.at(-1)!] = value;
	}
	return record;
}

it('gives an activity the columns of a ride', () => {
	const view = { ...essentialView('UTC'), columns: 'full', units: 'metric' } as const;
	const activity = fullActivity() as unknown as JsonObject;
	expect(present('activity', activity, user, view, { status: 'new' })).toEqual(
		activityRow(fullActivity(), user, { status: 'new' }, { units: 'metric' }),
	);
});

describe.each([
	[
		'athlete',
		{ first_name: 'Ann', last_name: '=cmd()', age: 0, sex: 'female', email: 'ann@example.org' },
		'athlete-7:XERT',
		{
			first_name: 'Ann',
			last_name: '=cmd()',
			age: 0,
			sex: 'female',
			email: 'ann@example.org',
			city: null,
		},
	],
	[
		'body',
		{
			metadata,
			measurements_data: {
				day_avg_height_cm: 178,
				measurements: [{ weight_kg: 71.5, height_cm: 1 }, { weight_kg: 71.2 }, { BMI: 22.5 }],
			},
			'heart_data.heart_rate_data.summary.resting_hr_bpm': 0,
		},
		keyOf(user, '2026-11-14'),
		{
			day_avg_weight_kg: 71.2,
			day_avg_height_cm: 178,
			day_avg_bmi: 22.5,
			resting_hr_bpm: 0,
			day_avg_bmr: null,
		},
	],
	[
		'daily',
		{
			metadata,
			'distance_data.steps': 0,
			'distance_data.distance_meters': 5000,
			'scores.sleep': 80,
		},
		keyOf(user, '2026-11-14'),
		{
			local_date: '2026-11-14',
			steps: 0,
			distance_kilometers: 5,
			sleep_score: 80,
			strain_level: null,
		},
	],
	[
		'menstruation',
		{
			metadata,
			'menstruation_data.day_in_cycle': 3,
			'menstruation_data.is_predicted_cycle': false,
		},
		keyOf(user, '2026-11-14'),
		{ day_in_cycle: 3, is_predicted_cycle: false, current_phase: null },
	],
	[
		'nutrition',
		{ metadata, meals: [{}, {}], 'summary.macros.calories': 2100, 'summary.water_ml': 0 },
		keyOf(user, '2026-11-14'),
		{ meals: 2, calories: 2100, water_ml: 0, fat_g: null },
	],
	[
		'sleep',
		{
			metadata: { ...metadata, summary_id: 'night-1', is_nap: false },
			'sleep_durations_data.asleep.duration_asleep_state_seconds': 27_000,
		},
		keyOf(user, 'night-1'),
		{
			summary_id: 'night-1',
			is_nap: false,
			duration_asleep_state_seconds: 27_000,
			sleep_score: null,
		},
	],
] as const)('%s', (type, values, key, expected) => {
	const row = recordRow(type, recordWith(values), user, { status: 'updated' }, { units: 'metric' });

	it('has its key first, then its status and its owner', () => {
		expect(Object.entries(row).slice(0, 5)).toEqual([
			[`${type}_key`, key],
			['status', 'updated'],
			['user_id', id],
			['reference_id', 'athlete-7'],
			['provider', 'XERT'],
		]);
	});

	it('has its values under the right names, and empty cells for missing ones', () => {
		expect(row).toMatchObject(expected);
	});

	it('has the same columns for an empty record', () => {
		expect(Object.keys(recordRow(type, null, user, {}, { units: 'metric' }))).toEqual(
			Object.keys(row),
		);
	});
});

describe('a type without columns of its own', () => {
	it('has its scalar fields under their own names', () => {
		const record = {
			timestamp: '2026-11-14T08:00:00Z',
			lh_mIU_per_ml: 0,
			note: '=1',
			samples: [1],
			deep: { note: 'x' },
		};
		expect(recordRow('hormone', record, user)).toEqual({
			record_key: keyOf(user, '2026-11-14T08:00:00Z'),
			status: null,
			user_id: id,
			reference_id: 'athlete-7',
			provider: 'XERT',
			data_type: 'hormone',
			timestamp: '2026-11-14T08:00:00Z',
			lh_mIU_per_ml: 0,
			note: '=1',
			deep_note: 'x',
			not_in_row: 'samples',
		});
	});

	it("cannot claim another user's ID or key", () => {
		expect(recordRow('route', { user_id: 'other', record_key: 'other' }, user)).toMatchObject({
			user_id: id,
			record_key: null,
		});
	});
});

it.each([
	['planned_workout', { planned_workout_id: 'plan-1' }, keyOf(user, 'plan-1')],
	['health_observation', { metadata: { summary_id: 'o-1' } }, keyOf(user, 'o-1')],
	[
		'sleep',
		{ metadata: { start_time: '2026-11-14T13:00:00Z' } },
		keyOf(user, '2026-11-14T13:00:00Z'),
	],
	['daily', { metadata: { summary_id: 'not-the-key' } }, null],
	['activity', { metadata: {} }, null],
])('gives %s its key', (type, record, key) => {
	expect(recordKey(type, record, user)).toBe(key);
	expect(recordKey(type, record, undefined)).toBeNull();
});

it('gives a lab result its key, which is unique across all users', () => {
	const result = { event_id: 'e-1', position: 2 };
	expect(recordKey('lab_report.completed', result, undefined)).toBe('e-1:2');
	expect(recordKey('lab_report.completed', { position: 2 }, user)).toBeNull();
});

it('has no duplicate columns in any type', () => {
	for (const columns of Object.values(RECORD_COLUMNS)) {
		const names = (columns ?? []).map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	}
});

it('never throws and never puts an object in a cell, whatever the type and record', () => {
	const types = fc.oneof(
		fc.constantFrom(...Object.keys(RECORD_COLUMNS), '__proto__', 'constructor', 'toString'),
		fc.string(),
	);
	fc.assert(
		fc.property(types, fc.anything(), fc.anything(), (type, record, anyone) => {
			expect(Object.values(recordRow(type, record, anyone as TerraUser)).every(isCell)).toBe(true);
		}),
	);
});
