import { readSettings } from '../../../nodes/Terra/trigger/settings';

const { filters: nothing } = readSettings({}, 'UTC');

describe('filters', () => {
	it('of a new node are empty', () => {
		expect(nothing).toEqual({
			events: [],
			providers: [],
			athletes: [],
			activityTypes: [],
			unwantedUploads: [],
			minSeconds: 0,
			minMeters: 0,
		});
	});

	it('accept athletes from the editor, as text and from an expression', () => {
		const athletesIn = (athletes: unknown) =>
			readSettings({ filters: { athletes } }, 'UTC').filters.athletes;
		expect(athletesIn(['John Smith', 'a,b', ' ', 7])).toEqual(['John Smith', 'a,b', '7']);
		expect(athletesIn('John Smith, rider-1\n 7')).toEqual(['John Smith', 'rider-1', '7']);
		expect(athletesIn(42)).toEqual(['42']);
		expect(athletesIn(' , ')).toEqual([]);
	});

	it.each([
		[
			[16, 0],
			[16, 0],
		],
		[['16'], [16]],
		['16, 1', [16, 1]],
		[0, [0]],
		[null, []],
	])('accept the activity types %j', (activityTypes, expected) => {
		expect(readSettings({ filters: { activityTypes } }, 'UTC').filters.activityTypes).toEqual(
			expected,
		);
	});

	it.each([
		[{ filters: { activityTypes: ['Biking'] } }, "'Activity Types' has an unknown value"],
		[{ filters: { athletes: [{}] } }, "'Athletes' is not a list of text values"],
		[{ filters: { minDistance: 'far' } }, "'Minimum Distance (Km)' must be a number of at least 0"],
		[{ emit: 'sometimes' }, "'Emit' has an unknown value"],
		[
			{ options: { dropRepeated: 'maybe' } },
			"'Drop Repeated Deliveries' is neither true nor false",
		],
		[{ emit: 'settled', options: { dropRepeated: false } }, "needs 'Drop Repeated Deliveries'"],
		[{ emit: 'settled', settleMinutes: 1 }, "'Unchanged For (Minutes)' must be a whole number"],
	])('that are invalid are refused with the name of the field: %j', (parameters, message) => {
		expect(() => readSettings(parameters, 'UTC')).toThrow(message);
	});
});
