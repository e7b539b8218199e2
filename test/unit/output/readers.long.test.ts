import { toFit, toGpx, toTcx } from './faces';
import { fitReaders } from './fitReaders';
import { readers, type Read } from './readers';
import { outdoors, PAUSE, recorded, TRUTH } from './recordedRide';

/** Independent programs must read the true values of the ride from our files, whatever the device did. */

/** How far a reader's value may be from the truth: as a share of it, or in its units. */
const TOLERANCE = {
	distance: { share: 0.01 },
	seconds: { units: 3 },
	laps: { units: 0 },
	watts: { share: 0.01 },
	heartRate: { units: 1 },
	// sports-lib smooths the elevation before adding it up.
	ascent: { share: 0.05 },
};

/** The values of a reader that are further from the truth than allowed. */
function faultsOf(read: Read, truth: Read): Record<string, string> {
	const faults = Object.entries(read).filter(([name, value]) => {
		const of = name as keyof Read;
		const { share = 0, units = 0 } = TOLERANCE[of] as { share?: number; units?: number };
		return !(Math.abs((value as number) - truth[of]!) <= units + share * truth[of]!);
	});
	return Object.fromEntries(
		faults.map(([name, value]) => [name, `${value as number}, not ${truth[name as keyof Read]}`]),
	);
}

describe.each(outdoors)('a ride %s', (_name, habit) => {
	const ride = recorded(habit);

	it.each(['sports-lib reads TCX', 'togeojson reads TCX'] as const)('%s', async (reader) => {
		const read = await readers[reader](toTcx(ride));
		expect(Object.keys(read).sort()).toEqual(Object.keys(TRUTH).sort());
		expect(faultsOf(read, TRUTH)).toEqual({});
	});

	it.each(Object.entries(fitReaders))('%s reads FIT', async (_program, read) => {
		const values = await read(toFit(ride));
		expect(Object.keys(values).sort()).toEqual(Object.keys(TRUTH).sort());
		expect(faultsOf(values, TRUTH)).toEqual({});
	});

	it('togeojson reads GPX', async () => {
		const read = await readers['togeojson reads GPX'](toGpx(ride));
		expect(faultsOf(read, TRUTH)).toEqual({});
	});

	it('sports-lib reads GPX', async () => {
		const read = await readers['sports-lib reads GPX'](toGpx(ride));
		// For GPX, sports-lib counts the time from the first point to the last.
		const seconds = TRUTH.seconds + (habit.pause ? PAUSE.seconds : 0);
		expect(faultsOf(read, { ...TRUTH, seconds })).toEqual({});
	});
});

describe('an indoor ride without positions has everything but ascent', () => {
	const ride = recorded({ indoor: true, pause: true, overlappingLaps: true, dropOuts: true });
	const { ascent, ...rest } = TRUTH;
	expect(ascent).toBeGreaterThan(0);

	const programs: Array<[string, () => Promise<Read>]> = [
		['sports-lib, of TCX', async () => await readers['sports-lib reads TCX'](toTcx(ride))],
		...Object.entries(fitReaders).map(([program, read]): [string, () => Promise<Read>] => [
			`${program}, of FIT`,
			async () => await read(toFit(ride)),
		]),
	];

	it.each(programs)('as read by %s', async (_program, read) => {
		const values = await read();
		expect(Object.keys(values).sort()).toEqual(Object.keys(rest).sort());
		expect(faultsOf(values, rest)).toEqual({});
	});
});
