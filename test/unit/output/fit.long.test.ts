import fc from 'fast-check';
import { FitFile } from '../../../nodes/Terra/files/fitFile';
import { FIT_MESSAGES } from '../../../nodes/Terra/files/fitMessages';
import { UserError } from '../../../nodes/Terra/terra/userError';
import type { Activity } from '../../support/terraTypes';
import { toFit, toGpx, toTcx } from './faces';
import { readFit } from './fitReaders';
import { branchesOf, changed, fullActivity, leavesOf, zeroed } from './model';
import { expectSamePoints, fitPoints, gpxPoints, tcxPoints } from './points';
import { outdoors, PAUSE, recorded } from './recordedRide';

/** The file, or none if the export is refused; any other error fails the test. */
function attempt(activity: unknown): Buffer[] {
	try {
		return [toFit(activity)];
	} catch (error) {
		if (error instanceof UserError) return [];
		throw error;
	}
}

const errorOf = (activity: unknown) => {
	try {
		toFit(activity);
	} catch (error) {
		return error as UserError;
	}
	throw new Error('Nothing was thrown');
};

const ofType = (type: number | null) => changed(fullActivity(), ['metadata', 'type'], type);

describe('the points of a FIT file', () => {
	it.each([...outdoors, ['of all fields', undefined] as const])(
		'are the same as in TCX and GPX, for a ride %s',
		(_name, habit) => {
			const ride = habit ? recorded(habit) : fullActivity();
			const fit = fitPoints(toFit(ride));
			expect(fit.length).toBeGreaterThan(5);
			expectSamePoints(fit, tcxPoints(toTcx(ride)));
			expectSamePoints(
				fit.filter(({ latitude }) => latitude !== undefined),
				gpxPoints(toGpx(ride)),
			);
		},
	);

	it('are the same as in TCX indoors, and have no position fields', () => {
		const ride = recorded({ indoor: true, pause: true });
		const file = toFit(ride);
		expectSamePoints(fitPoints(file), tcxPoints(toTcx(ride)));
		expect(readFit(file).recordMesgs![0]).not.toHaveProperty('positionLat');
	});

	it('keep a power of 0 and leave out a heart rate of 0', () => {
		const [first] = fitPoints(toFit(zeroed(recorded({}))));
		expect(first).toMatchObject({ power: 0, distance: 0, heartRate: undefined });
	});

	it('write longitude 180 as -180, and leave out invalid positions', () => {
		const activity = fullActivity();
		activity.position_data!.position_samples = [
			[10, 180],
			[10, 179.99999999],
			[-90, -180],
			[91, 0],
			[0, 0],
		].map((coords_lat_lng_deg, second) => ({
			timestamp: `2026-11-14T08:30:0${second}.000000+01:00`,
			coords_lat_lng_deg,
		}));
		const places = fitPoints(toFit(activity)).map(({ latitude, longitude }) => [
			latitude,
			longitude,
		]);
		expect(places.slice(0, 5)).toEqual([
			['10.000000', '-180.000000'],
			['10.000000', '-180.000000'],
			['-90.000000', '-180.000000'],
			[undefined, undefined],
			[undefined, undefined],
		]);
	});
});

describe('a FIT file', () => {
	it('stops the timer during a pause', () => {
		const events = readFit(toFit(recorded({ pause: true }))).eventMesgs!;
		expect(events.map(({ eventType }) => eventType)).toEqual([
			'start',
			'stopAll',
			'start',
			'stopAll',
		]);
		const [, stop, start] = events.map(({ timestamp }) => (timestamp as Date).getTime());
		expect((start! - stop!) / 1000).toBe(PAUSE.seconds + 1);
	});

	it('has the laps and the totals of the ride', () => {
		const { lapMesgs, sessionMesgs, activityMesgs } = readFit(toFit(fullActivity()));
		expect(lapMesgs).toMatchObject([
			{ totalTimerTime: 5, totalDistance: 40, avgPower: 202, lapTrigger: 'manual' },
			{ totalTimerTime: 4, totalDistance: 32, avgPower: 207, lapTrigger: 'sessionEnd' },
		]);
		expect(sessionMesgs).toMatchObject([
			{
				totalTimerTime: 9,
				totalElapsedTime: 9,
				totalDistance: 72,
				totalCalories: 801,
				avgPower: 214,
				maxPower: 688,
				avgHeartRate: 147,
				maxHeartRate: 181,
				normalizedPower: 234,
				intensityFactor: 0.9,
				trainingStressScore: 84.2,
				totalWork: 803_000,
				totalAscent: 512,
				numLaps: 2,
			},
		]);
		expect(activityMesgs).toMatchObject([{ numSessions: 1, totalTimerTime: 9 }]);
	});

	it("contains the athlete's local time, and the device", () => {
		const { activityMesgs, fileIdMesgs } = readFit(toFit(fullActivity()));
		const [{ timestamp, localTimestamp }] = activityMesgs as any;
		const epoch = Date.UTC(1989, 11, 31) / 1000;
		expect(localTimestamp + epoch - timestamp.getTime() / 1000).toBe(3600);
		expect(fileIdMesgs).toMatchObject([{ type: 'activity', productName: 'Wahoo ELEMNT Bolt' }]);
	});

	it.each([
		[16, 'cycling', 'road'],
		[18, 'cycling', 'indoorCycling'],
		[1, 'cycling', 'generic'],
		[58, 'running', 'treadmill'],
		[0, 'generic', 'generic'],
		[null, 'generic', 'generic'],
		[999, 'generic', 'generic'],
	])('writes activity type %p as %s, %s', (type, sport, subSport) => {
		expect(readFit(toFit(ofType(type))).sessionMesgs).toMatchObject([{ sport, subSport }]);
	});

	it('counts the steps of one leg in a run', () => {
		const running = JSON.parse(
			JSON.stringify(ofType(8)).replaceAll('"cadence_rpm":85', '"cadence_rpm":170'),
		) as Activity;
		expect(fitPoints(toFit(running))[0]!.cadence).toBe(85);
	});

	it('says what to do without samples, or with times that FIT cannot represent', () => {
		expect(errorOf({}).next).toMatch(/Fetch it with samples/);
		const old = JSON.parse(JSON.stringify(fullActivity()).replaceAll('2026-', '1995-')) as Activity;
		expect(errorOf(old)).toBeInstanceOf(UserError);
		expect(errorOf(old).next).toMatch(/TCX or CSV/);
	});

	it('is complete, or refused with a reason, with each field null or wrong in turn and with every number 0', () => {
		const paths = [...branchesOf(fullActivity()), ...leavesOf(fullActivity())];
		const values = [null, '1e300', 1e300, -1e300, 70_000, -1, { a: 1 }, true, 'é🚴'.repeat(200)];
		const rides = [
			...paths.map((path) => changed(fullActivity(), path, null)),
			...paths.map((path, index) => changed(fullActivity(), path, values[index % values.length])),
			zeroed(fullActivity()),
		];
		const files = rides.flatMap(attempt);
		expect(files.length).toBeGreaterThan(rides.length / 2);
		for (const file of files) expect(readFit(file).sessionMesgs).toHaveLength(1);
	});

	it('fails only with a reason', () => {
		fc.assert(fc.property(fc.anything(), (value) => void attempt(value)));
	});

	it('is complete whatever the sensors report, in any order', () => {
		const value = fc.oneof(
			fc.double(),
			fc.constantFrom(-1, 0, 254, 255, 65_534.6, 65_535, 1e308, null),
		);
		const samples = (leaf: string) =>
			fc.array(
				fc.record({ second: fc.integer({ min: -100_000, max: 100_000 }), value }).map((sample) => ({
					timestamp: new Date(Date.UTC(2026, 10, 14) + sample.second * 1000).toISOString(),
					[leaf]: sample.value,
				})),
				{ minLength: 1, maxLength: 30 },
			);
		fc.assert(
			fc.property(samples('watts'), samples('bpm'), samples('elev_meters'), (power, pulse, up) => {
				const activity = {
					metadata: { type: 1 },
					power_data: { power_samples: power },
					heart_rate_data: { detailed: { hr_samples: pulse } },
					distance_data: { detailed: { elevation_samples: up } },
				};
				const { recordMesgs } = readFit(toFit(activity));
				for (const record of recordMesgs!) {
					for (const name of ['power', 'heartRate', 'enhancedAltitude']) {
						expect(Number.isNaN(record[name])).toBe(false);
					}
				}
			}),
			{ numRuns: 50 },
		);
	});
});

it('the session of a FIT file follows its records, whatever start, end and moving time Terra sends', () => {
	const seconds = fc.integer({ min: -90_000, max: 90_000 });
	const lengths = fc.option(fc.integer({ min: -10, max: 100_000 }));
	fc.assert(
		fc.property(fc.option(seconds), fc.option(seconds), lengths, (start, end, moving) => {
			const first = Date.UTC(2026, 10, 14, 8);
			const at = (second: number) => new Date(first + second * 1000).toISOString();
			const activity = {
				metadata: {
					type: 1,
					start_time: start === null ? null : at(start),
					end_time: end === null ? null : at(end),
				},
				active_durations_data: { activity_seconds: moving },
				power_data: {
					power_samples: Array.from({ length: 600 }, (_, second) => ({
						timestamp: at(second),
						watts: 200,
					})),
				},
			};
			const { sessionMesgs, lapMesgs } = readFit(toFit(activity));
			const [session] = sessionMesgs!;
			const elapsed = session!.totalElapsedTime as number;
			const begins = (session!.startTime as Date).getTime();
			expect(session!.totalTimerTime).toBeLessThanOrEqual(elapsed + 1);
			expect(lapMesgs!.map(({ totalTimerTime }) => totalTimerTime)).toEqual([
				session!.totalTimerTime,
			]);
			// At least half of the records are inside the session.
			expect(begins).toBeLessThanOrEqual(first + 302_000);
			expect(begins + elapsed * 1000).toBeGreaterThanOrEqual(first + 297_000);
		}),
		{
			examples: [
				[0, -5, null],
				[3600, 4200, 600],
				[0, 0, null],
				[0, 600, 99_999],
			],
		},
	);
});

it('a text in a FIT file is cut to what fits, in whole characters', () => {
	// Garmin's reader removes U+FFFD, which stands for bytes that could not be read.
	const text = fc
		.string({ unit: 'grapheme', maxLength: 400 })
		.map((value) => value.replaceAll('\uFFFD', ''));
	fc.assert(
		fc.property(text, (productName) => {
			const file = new FitFile(FIT_MESSAGES);
			file.add('fileId', { type: 4, productName });
			const shown = String(readFit(file.toBuffer()).fileIdMesgs![0]!.productName ?? '');
			const bytes = (value: string) => Buffer.byteLength(value);
			expect(productName.startsWith(shown)).toBe(true);
			const next = [...productName.slice(shown.length)][0] ?? '';
			expect(next === '' || bytes(shown + next) > 254).toBe(true);
		}),
		// A quarter of a megabyte: removing one character at a time would take hours.
		{ examples: [['ä'.repeat(125_000)]] },
	);
});

it('a value added to a FIT file is read back, or is empty if it does not fit', () => {
	const numbers = fc.oneof(fc.integer(), fc.double(), fc.integer({ min: 0, max: 300 }));
	fc.assert(
		fc.property(fc.array(fc.tuple(numbers, fc.string()), { minLength: 1 }), (messages) => {
			const file = new FitFile(FIT_MESSAGES);
			for (const [power, productName] of messages) {
				file.add('record', { timestamp: 1_000_000_000, power });
				file.add('fileId', { type: 4, productName });
			}
			const { recordMesgs, fileIdMesgs } = readFit(file.toBuffer());
			const held = (value: number) => {
				const rounded = Math.round(value);
				return rounded >= 0 && rounded < 0xffff ? rounded + 0 : undefined;
			};
			expect(recordMesgs!.map(({ power }) => power)).toEqual(
				messages.map(([power]) => held(power)),
			);
			expect(fileIdMesgs).toHaveLength(messages.length);
		}),
	);
});
