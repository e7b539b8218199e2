import fc from 'fast-check';

import {
	ACTIVITY_TYPES,
	activityTypeName,
	uploadTypeName,
} from '../../../nodes/Terra/terra/activityTypes';
import type { Activity, TerraUser } from '../../support/terraTypes';
import {
	columnsIn,
	ESSENTIAL_COLUMNS,
	FULL_COLUMNS,
	pick,
	rideRow,
} from '../../../nodes/Terra/rows/rideRow';
import { essentialView, present } from '../../../nodes/Terra/output';
import { RIDE_COLUMNS } from '../../../nodes/Terra/rows/rideColumns';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import { timesOf } from '../../../nodes/Terra/terra/recordTimes';
import { instant } from '../../../nodes/Terra/terra/times';
import { expectGolden } from './golden';
import { branchesOf, changed, fullActivity, leavesOf, user, zeroed } from './model';
import { activityRow } from './faces';
import { keyOf } from '../../support/keyOf';

const names = (columns: ReadonlyArray<{ name: string }>) => columns.map(({ name }) => name);
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const hostile = (value: unknown) => value as Activity;

describe('activityRow', () => {
	it('has the columns of a whole ride in the documented order', () => {
		const row = activityRow(fullActivity(), user, { status: 'new' });
		expect(Object.keys(row)).toEqual(names(FULL_COLUMNS));
		expectGolden('row.json', json(row));
	});

	it.each(['metric', 'imperial'] as const)(
		'converts to %s units, with the unit in the column name',
		(units) => {
			const row = activityRow(fullActivity(), user, {}, { units });
			expect(Object.keys(row)).toEqual(names(columnsIn(units)));
			expectGolden(`row-${units}.json`, json(row));
		},
	);

	it('keeps every zero as 0', () => {
		const row = activityRow(zeroed(fullActivity()), user);
		expectGolden('row-zero.json', json(row));
		const empty = Object.entries(row).filter(([, value]) => value === null);
		// With every number zero, all zones are zone 0.
		const names = empty.map(([name]) => name).filter((name) => !/^hr_zone_[1-5]/.test(name));
		expect(names).toEqual(['status', 'utc_offset']);
	});

	it('leaves empty exactly the cells that depend on a field when that field is null', () => {
		const whole = activityRow(fullActivity(), user);
		const effects: Record<string, Record<string, unknown>> = {};
		for (const path of [...branchesOf(fullActivity()), ...leavesOf(fullActivity())]) {
			const row = activityRow(changed(fullActivity(), path, null), user);
			expect(Object.keys(row)).toEqual(names(FULL_COLUMNS));
			const differences = Object.entries(row).filter(([name, value]) => value !== whole[name]);
			if (differences.length > 0) effects[path.join('.')] = Object.fromEntries(differences);
		}
		expectGolden('row-nulls.json', json(effects));
	});

	it('has every column, all empty, for a missing ride', () => {
		const row = activityRow(null, undefined);
		expect(Object.keys(row)).toEqual(names(FULL_COLUMNS));
		expect(Object.values(row).every((value) => value === null)).toBe(true);
	});

	it.each([
		['text'],
		[true],
		[-1],
		[Number.NaN],
		[{}],
		[{ a: [1] }],
		[[]],
		[[{ b: 2 }]],
		[() => 1],
		[Symbol('x')],
		[1n],
	])('keeps all cells scalar with %p in each field in turn', (value: unknown) => {
		for (const path of [...branchesOf(fullActivity()), ...leavesOf(fullActivity())]) {
			const parent = fullActivity();
			const holder = path
				.slice(0, -1)
				.reduce((part: unknown, key) => (part as Record<string, unknown>)[key], parent);
			(holder as Record<string, unknown>)[path.at(-1)!] = value;
			expect(Object.values(activityRow(parent, user)).every(isCell)).toBe(true);
		}
	});

	it('never throws, whatever the input', () => {
		fc.assert(
			fc.property(fc.anything(), fc.anything(), (activity, anyone) => {
				const row = activityRow(hostile(activity), anyone as TerraUser);
				expect(Object.values(row).every(isCell)).toBe(true);
			}),
		);
	});

	it('removes control characters, such as the NULs that pad texts in FIT files', () => {
		const activity = changed(fullActivity(), ['metadata', 'name'], '\u0000\u0007\u0000');
		activity.device_data = { name: 'EDGE 530\u0000\u0000', manufacturer: 'Garmin' } as never;
		const row = activityRow(activity, { ...user, reference_id: 'rider\u0000' });
		expect(row).toMatchObject({ name: null, device: 'Garmin EDGE 530', reference_id: 'rider' });
	});

	it('generates no cell that a spreadsheet would run as a formula', () => {
		const row = activityRow(fullActivity(), user, { status: 'updated' });
		const texts = Object.values(row).filter((value) => typeof value === 'string');
		expect(texts.filter((value) => /^[=+\-@']/.test(value))).toEqual([]);
	});

	it('keeps the key of a ride for ever, and gives another athlete or provider another key', () => {
		const update = changed(fullActivity(), ['power_data', 'avg_watts'], 1);
		const key = activityRow(fullActivity(), user).activity_key;
		expect(key).toBe(keyOf(user, 'ride-2026-11-14'));
		expect(activityRow(update, user).activity_key).toBe(key);
		// After reconnecting, Terra's user ID is a different one.
		expect(activityRow(update, { ...user, user_id: 'other' }).activity_key).toBe(key);
		expect(activityRow(update, { ...user, reference_id: 'other' }).activity_key).not.toBe(key);
		expect(activityRow(update, { ...user, provider: 'GARMIN' }).activity_key).not.toBe(key);
		expect(activityRow(update, { ...user, reference_id: null }).activity_key).toBe(
			keyOf({ ...user, reference_id: null }, 'ride-2026-11-14'),
		);
	});

	it('takes normalised power and TSS from the ridden sample, not from an earlier planned one', () => {
		const activity = fullActivity();
		activity.TSS_data!.TSS_samples!.unshift({ planned: 50, normalized_power_watts: 1 });
		expect(activityRow(activity, user)).toMatchObject({ tss: 84.2, normalized_power_watts: 234 });
	});

	it('does not repeat the manufacturer in the name of a device', () => {
		const activity = changed(fullActivity(), ['device_data', 'name'], 'wahoo KICKR');
		expect(activityRow(activity, user).device).toBe('wahoo KICKR');
	});
});

describe('times of a row', () => {
	const timesOf = (start: string, end: string, times?: 'sent' | 'local' | 'utc') => {
		const activity = fullActivity();
		activity.metadata.start_time = start;
		activity.metadata.end_time = end;
		const row = activityRow(activity, user, {}, { times });
		return [
			row.local_date,
			row.start_time,
			row.end_time,
			row.start_time_utc,
			row.utc_offset,
			row.elapsed_seconds,
		];
	};
	const ride = ['2026-11-21T00:30:00.250000+13:45', '2026-11-21T01:30:00.250000+13:45'] as const;

	it("are as sent, with the athlete's own day", () => {
		expect(timesOf(...ride)).toEqual([
			'2026-11-21',
			...ride,
			'2026-11-20T10:45:00.250Z',
			'UTC+13:45',
			3600,
		]);
	});

	it("are on the athlete's clock", () => {
		expect(timesOf(...ride, 'local').slice(1, 3)).toEqual([
			'2026-11-21 00:30:00',
			'2026-11-21 01:30:00',
		]);
	});

	it('are in UTC', () => {
		expect(timesOf('2026-03-01T23:00:00-05:00', '2026-03-02T00:00:00-05:00', 'utc')).toEqual([
			'2026-03-01',
			'2026-03-02T04:00:00Z',
			'2026-03-02T05:00:00Z',
			'2026-03-02T04:00:00Z',
			'UTC-05:00',
			3600,
		]);
	});

	it('are not marked as UTC if they have no offset', () => {
		const local = ['2026-11-21T09:00:00.000000', '2026-11-21T10:00:00.000000'] as const;
		expect(timesOf(...local)).toEqual(['2026-11-21', ...local, null, null, 3600]);
		expect(timesOf(...local, 'utc').slice(1, 3)).toEqual([null, null]);
	});

	it('give the right length across a change of offset', () => {
		expect(timesOf('2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00').at(-1)).toBe(3600);
	});

	it('give no length for a ride that ends before it starts', () => {
		expect(timesOf('2026-11-21T10:00:00Z', '2026-11-21T09:00:00Z').at(-1)).toBeNull();
	});
});

describe('columns', () => {
	it('include at most ten essential ones, the upsert key first', () => {
		expect(ESSENTIAL_COLUMNS.length).toBeLessThanOrEqual(10);
		expect(ESSENTIAL_COLUMNS[0]!.name).toBe('reference_id');
		expect(ESSENTIAL_COLUMNS.at(-1)!.name).toBe('activity_key');
	});

	it('include the status if it is known, and otherwise no empty column for it', () => {
		const essential = (upload_type: number, ...context: Array<{ status: 'new' | null }>) =>
			present(
				'activity',
				{ metadata: { summary_id: '1', upload_type } },
				user,
				essentialView('UTC'),
				...context,
			);
		expect(essential(1, { status: 'new' })).toHaveProperty('status', 'new');
		expect(essential(1, { status: null })).toHaveProperty('status', null);
		expect(essential(4)).toHaveProperty('status', 'deleted');
		expect(essential(1)).not.toHaveProperty('status');
	});

	it('all have a description, and a unit if their name has one', () => {
		for (const { description } of FULL_COLUMNS) expect(description.length).toBeGreaterThan(5);
		const unitless = FULL_COLUMNS.filter(
			({ name, unit }) => /_(watts|meters|bpm|rpm|seconds)$/.test(name) && !unit,
		);
		expect(unitless).toEqual([]);
	});

	it("in metres all follow the user's choice of units", () => {
		const fixed = RIDE_COLUMNS.filter(
			({ name, quantity }) => /(?<!_newton)_meters(_per_second)?$/.test(name) && !quantity,
		);
		expect(names(fixed)).toEqual([]);
	});

	it('are picked in the chosen order', () => {
		const row = activityRow(fullActivity(), user);
		expect(Object.entries(pick(row, ['avg_watts', 'name', 'no_such_column', '__proto__']))).toEqual(
			[
				['avg_watts', 214],
				['name', 'Hills & <valleys> "east"'],
			],
		);
	});

	it('are found under their name in any unit', () => {
		const row = activityRow(fullActivity(), user, {}, { units: 'imperial' });
		expect(pick(row, ['distance_meters', 'avg_speed_kilometers_per_hour'])).toEqual({
			distance_miles: 19.408,
			avg_speed_miles_per_hour: 18.61,
		});
		expect(Object.keys(pick(row, ESSENTIAL_COLUMNS))).toHaveLength(ESSENTIAL_COLUMNS.length);
	});
});

describe('activity types', () => {
	it('include all 146 of Terra, including 0', () => {
		expect(Object.keys(ACTIVITY_TYPES)).toHaveLength(146);
		expect(activityTypeName(0)).toBe('In Vehicle');
		expect(activityTypeName(16)).toBe('Road Biking');
		expect(activityTypeName(154)).toBe('Physical Therapy');
	});

	it('are shown as their number if unknown, and as nothing if not a number', () => {
		expect(activityTypeName(2)).toBe('2');
		expect(activityTypeName(999)).toBe('999');
		expect([activityTypeName('16'), activityTypeName(null), activityTypeName(Number.NaN)]).toEqual([
			'',
			'',
			'',
		]);
		expect([uploadTypeName(0), uploadTypeName(4), uploadTypeName(9)]).toEqual([
			'Unknown',
			'Delete',
			'9',
		]);
	});
});

function isCell(value: unknown): boolean {
	return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

describe('Protect Text for Sheets', () => {
	const shown = (name: string) =>
		present('activity', { metadata: { summary_id: '1', name } }, user, {
			...essentialView('UTC'),
			protectText: true,
		});

	it.each(
		// prettier-ignore
		['=HYPERLINK("http://x")', '+1', '-1', '-5 °C Runde', '@SUM(A1)', '\t=1', '＝1', '0042', '3-4', '1e5', '12:30', '2369048793018741424', '$5', '50%', '(3)', "'quoted'", 'Mar 3', 'März 3', '3 March', 'TRUE', 'false '],
	)('marks %p as text', (name) => {
		expect(shown(name).name).toBe(`'${name}`);
	});

	it.each(['Morning Ride', 'rider-5', 'Rad 3', 'Trueman', 'Marathon', 'é 3', '日本 1'])(
		'leaves %p unchanged',
		(name) => expect(shown(name).name).toBe(name),
	);

	it('leaves keys, days and durations unchanged', () => {
		const ride = fullActivity();
		const [plain, guarded] = [false, true].map((protectText) =>
			present(
				'activity',
				ride as never,
				{ ...user, reference_id: '0042' },
				{
					...essentialView('UTC'),
					columns: 'full',
					protectText,
				},
			),
		);
		expect(guarded).toEqual({ ...plain, reference_id: "'0042", name: plain!.name });
		expect(guarded!.activity_key).toBe('0042:XERT:ride-2026-11-14');
	});
});

describe('a ride whose times are in UTC', () => {
	const metadata = {
		summary_id: 'evening',
		start_time: '2026-03-02T01:30:00.000000+00:00',
		end_time: '2026-03-02T03:00:00.000000+00:00',
		timestamp_localization: 0,
	};
	const row = (timezone: string, times: 'sent' | 'local' | 'utc' = 'sent', changes = {}) =>
		rideRow(
			rideOf({ metadata: { ...metadata, ...changes } }, user, timezone),
			{},
			{ times, timezone },
		);

	it("has the day in the workflow's time zone, and no offset", () => {
		expect(row('America/Denver')).toMatchObject({
			local_date: '2026-03-01',
			local_clock: 'workflow',
			utc_offset: null,
			start_time: metadata.start_time,
			start_time_utc: '2026-03-02T01:30:00Z',
			elapsed_seconds: 5400,
		});
		expect(row('America/Denver', 'local').start_time).toBe('2026-03-01 18:30:00');
		expect(row('Pacific/Auckland', 'local').start_time).toBe('2026-03-02 14:30:00');
	});

	it('is in UTC even without an offset or with an unknown time zone', () => {
		const changes = { start_time: '2026-03-02T01:30:00', end_time: '2026-03-02T03:00:00' };
		expect(row('America/Denver', 'utc', changes).start_time).toBe('2026-03-02T01:30:00Z');
		expect(row('Nowhere/Land').local_date).toBe('2026-03-02');
	});

	it('is the same instant in every time zone', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
				fc.integer({ min: 0, max: 86_400 * 365 }),
				(timezone, second) => {
					const start_time = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
					const { start, day } = timesOf(
						'activity',
						{ metadata: { start_time, timestamp_localization: 0 } },
						timezone,
					);
					expect(instant(start!, 0)).toBe(Date.parse(start_time));
					const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone });
					expect(day).toBe(format.format(Date.parse(start_time)));
				},
			),
		);
	});

	it('does not change the day of daily records', () => {
		const record = { metadata: { start_time: '2026-03-02T00:00:00Z', timestamp_localization: 0 } };
		expect(timesOf('daily', record, 'America/Denver').day).toBe('2026-03-02');
	});
});
