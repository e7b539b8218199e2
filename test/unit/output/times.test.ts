import fc from 'fast-check';

import {
	durationText,
	instant,
	localDate,
	parseTime,
	secondsBetween,
	showTime,
	utcOffset,
	utcTime,
} from '../../../nodes/Terra/terra/times';

describe('parseTime', () => {
	it.each([
		['2026-11-21T09:00:00.123456+01:00', '2026-11-21T08:00:00.123Z'],
		['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'],
		['2026-11-21T09:00:00.5-03:30', '2026-11-21T12:30:00.500Z'],
		['2026-11-21 09:00:00+0545', '2026-11-21T03:15:00.000Z'],
		['2026-11-21T09:00+14', '2026-11-20T19:00:00.000Z'],
		['2028-02-29T23:59:59-00:00', '2028-02-29T23:59:59.000Z'],
	])('reads %s', (text, utc) => {
		expect(new Date(instant(parseTime(text)!, 0)).toISOString()).toBe(utc);
	});

	it('returns no offset for a time without one', () => {
		expect(parseTime('2026-11-21T09:00:00.000000')).toEqual({
			wall: Date.UTC(2026, 10, 21, 9),
			offset: null,
		});
	});

	it.each([
		'2026-02-30T09:00:00Z',
		'2026-13-01T09:00:00Z',
		'2026-11-21T24:00:00Z',
		'2026-11-21T09:60:00Z',
		'2026-11-21T09:00:00+25:00',
		'2026-11-21',
		'0000-00-00T00:00:00Z',
		'tomorrow',
		'',
		1_795_254_074,
		null,
		{},
	])('rejects %p', (value) => {
		expect(parseTime(value)).toBeNull();
	});

	it('agrees with Date for every instant and offset', () => {
		const date = fc.date({
			min: new Date('1970-01-02Z'),
			max: new Date('2100-01-01Z'),
			noInvalidDate: true,
		});
		fc.assert(
			fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, offset) => {
				const wall = new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, -1);
				const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
				const zone = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
				const text = `${wall}000${offset < 0 ? '-' : '+'}${zone}`;
				expect(instant(parseTime(text)!, 0)).toBe(moment.getTime());
			}),
		);
	});
});

it('takes the day from the text, without converting it', () => {
	expect(localDate('2026-11-21T23:59:00.000000-11:00')).toBe('2026-11-21');
	expect(localDate('2026-11-21')).toBe('2026-11-21');
	expect([localDate('=2026-11-21'), localDate(20261121), localDate(null)]).toEqual([
		null,
		null,
		null,
	]);
});

it('returns null for a day that is not in the calendar', () => {
	const two = (value: number) => String(value).padStart(2, '0');
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 9999 }),
			fc.nat(99),
			fc.nat(99),
			(year, month, dayOfMonth) => {
				const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
				const date = new Date(`${text}T00:00:00Z`);
				const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
				expect(localDate(`${text}T08:00:00Z`)).toBe(isReal ? text : null);
			},
		),
		{
			examples: [
				[2026, 2, 30],
				[2026, 13, 45],
				[2028, 2, 29],
				[9999, 12, 31],
			],
		},
	);
});

it('shows nothing for an invalid time, and no UTC time without an offset', () => {
	expect(showTime('=cmd()', parseTime('=cmd()'), 'sent')).toBeNull();
	expect([
		utcTime(parseTime('2026-11-21T09:00:00')),
		utcOffset(parseTime('2026-11-21T09:00:00')),
	]).toEqual([null, null]);
});

it('uses the offset of one time for the other', () => {
	expect(
		secondsBetween(parseTime('2026-11-21T09:00:00+01:00'), parseTime('2026-11-21T09:00:30')),
	).toBe(30);
	expect(
		secondsBetween(parseTime('2026-11-21T09:00:00'), parseTime('2026-11-21T09:00:30+01:00')),
	).toBe(30);
});

it.each([
	[0, '0:00:00'],
	[59.6, '0:01:00'],
	[3599, '0:59:59'],
	[3753, '1:02:33'],
	[360_000, '100:00:00'],
	[-1, null],
	[Number.NaN, null],
	[Infinity, null],
	[null, null],
])('formats %p seconds as %p', (seconds, text) => {
	expect(durationText(seconds)).toBe(text);
});
