import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { gpx as readGpx, tcx as readTcx } from '@tmcw/togeojson';
import { DOMParser, type Document } from '@xmldom/xmldom';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';

import { toCsv } from '../../../nodes/Terra/files/csv';
import { UserError } from '../../../nodes/Terra/terra/userError';

import type { Activity } from '../../support/terraTypes';
import { expectGolden } from './golden';
import { branchesOf, changed, fullActivity, leavesOf, zeroed } from './model';
import { samplesCsv, toGpx, toTcx } from './faces';

const schema = (fileName: string) => ({
	fileName,
	contents: readFileSync(join(__dirname, 'schemas', fileName), 'utf8'),
});

/** The errors that the schema finds in the files. */
async function faultsOf(
	files: readonly string[],
	main: string,
	imported: string[],
): Promise<string[]> {
	const { errors } = await validateXML({
		xml: files.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
		schema: schema(main),
		preload: imported.map(schema),
		maxMemoryPages: 4096,
	});
	return errors.map(({ rawMessage }) => rawMessage);
}

/** Without the plain `<power>`, which other programs read and the schema does not know. */
const gpxFaults = (...files: string[]) =>
	faultsOf(
		files.map((file) => file.replace(/<power>\d+<\/power>/g, '')),
		'gpx.xsd',
		['trackpoint.xsd', 'power.xsd'],
	);
const tcxFaults = (...files: string[]) => faultsOf(files, 'tcx.xsd', ['activity.xsd']);

function parse(xml: string): Document {
	return new DOMParser({
		onError: (_, message) => {
			throw new Error(message);
		},
	}).parseFromString(xml, 'text/xml');
}

const texts = (xml: string, name: string) =>
	Array.from(parse(xml).getElementsByTagName(name), ({ textContent }) => textContent);

const stamp = (second: number, offset = '+01:00') =>
	`2026-11-14T08:${String(30 + Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000${offset}`;

interface ReadLap {
	properties: {
		totalTimeSeconds: number;
		distanceMeters: number;
		coordinateProperties: { times: string[] };
	};
}

/** The full ride with other power samples. */
function withPower(
	samples: Array<{ timestamp: string; watts: number; timer_duration_seconds?: number }>,
): Activity {
	const activity = fullActivity();
	activity.power_data!.power_samples = samples;
	return activity;
}

function indoor(): Activity {
	return changed(fullActivity(), ['position_data'], null);
}

describe('the schemas used by these tests', () => {
	it('reject what the formats forbid', async () => {
		const gpx = toGpx(fullActivity());
		const tcx = toTcx(fullActivity());
		const faulty = [
			gpx.replace(/<ele>.*?<\/ele>(<time>.*?<\/time>)/, '$1<ele>1</ele>'),
			gpx.replace('lat="47.99"', 'lat="91"'),
			gpx.replace(/<gpxtpx:hr>\d+/, '<gpxtpx:hr>0'),
			gpx.replace(/<gpxpx:PowerInWatts>\d+/, '<gpxpx:PowerInWatts>-1'),
		];
		for (const file of faulty) expect(await gpxFaults(file)).not.toEqual([]);
		const wrong = [
			tcx.replace(/<Calories>\d+<\/Calories>/, ''),
			tcx.replace('Sport="Biking"', 'Sport="Cycling"'),
			tcx.replace(/<ns3:Watts>\d+/, '<ns3:Watts>-1'),
		];
		for (const file of wrong) expect(await tcxFaults(file)).not.toEqual([]);
	});
});

describe('GPX', () => {
	it('matches the reviewed file and is valid', async () => {
		const gpx = toGpx(fullActivity());
		expectGolden('ride.gpx', gpx);
		expect(await gpxFaults(gpx)).toEqual([]);
	});

	it('is read correctly by another program: positions, elevations, times, heart rate', () => {
		const [track] = readGpx(parse(toGpx(fullActivity()))).features;
		if (track?.geometry.type !== 'LineString') throw new Error('no track');
		expect(track.geometry.coordinates).toHaveLength(10);
		expect(track.geometry.coordinates[0]).toEqual([7.84, 47.99, 240]);
		const { times, heart } = track.properties!.coordinateProperties as {
			times: string[];
			heart: number[];
		};
		expect(times[9]).toBe('2026-11-14T07:30:09Z');
		expect(heart[0]).toBe(140);
		expect(track.properties!.name).toBe('Hills & <valleys> "east"');
	});

	it('has power as Garmin and as Strava write it, cadence and heart rate', () => {
		const gpx = toGpx(fullActivity());
		const watts = ['200', '201', '202', '203', '204', '205', '206', '207', '208', '209'];
		expect(texts(gpx, 'gpxpx:PowerInWatts')).toEqual(watts);
		expect(texts(gpx, 'power')).toEqual(watts);
		expect(texts(gpx, 'gpxtpx:cad')).toEqual(Array.from({ length: 10 }, () => '85'));
	});

	it('repeats the value of a slower sensor for at most ten seconds', () => {
		const activity = changed(
			fullActivity(),
			['heart_rate_data', 'detailed', 'hr_samples'],
			[{ timestamp: stamp(0), bpm: 120 }],
		);
		activity.position_data!.position_samples = [0, 5, 10, 11, 20].map((second) => ({
			timestamp: stamp(second),
			coords_lat_lng_deg: [48, 8],
		}));
		expect(texts(toGpx(activity), 'gpxtpx:hr')).toEqual(['120', '120', '120']);
	});

	it('has an elevation at each point after a pause, even if that sensor reports a little later', () => {
		const activity = fullActivity();
		const at = (second: number, timer: number) => ({
			timestamp: stamp(second),
			timer_duration_seconds: timer,
		});
		const ridden = [0, 1, 2, 300, 301, 302].map((second) => at(second, second % 299));
		activity.position_data!.position_samples = ridden.map((when) => ({
			...when,
			coords_lat_lng_deg: [48, 8],
		}));
		activity.distance_data!.detailed!.elevation_samples = [
			{ ...at(0, 0), elev_meters: 400 },
			{ ...at(302, 3), elev_meters: 401 },
		];
		expect(texts(toGpx(activity), 'ele')).toEqual(['400', '400', '400', '401', '401', '401']);
	});

	it("starts a new segment after a pause, found by the device's timer or by silence", () => {
		const at = (second: number, timer?: number) => ({
			timestamp: stamp(second),
			coords_lat_lng_deg: [48, 8],
			...(timer !== undefined && { timer_duration_seconds: timer }),
		});
		const bare = indoor();
		bare.power_data = bare.movement_data = bare.distance_data = null;
		bare.heart_rate_data = null;
		const segments = (samples: unknown) =>
			texts(toGpx({ ...bare, position_data: { position_samples: samples as never } }), 'trkseg')
				.length;
		expect(segments([at(0, 0), at(1, 1), at(31, 1), at(32, 2)])).toBe(2);
		expect(segments([at(0, 0), at(1, 1), at(31, 31)])).toBe(1);
		expect(segments([at(0), at(30), at(60)])).toBe(1);
		expect(segments([at(0), at(61), at(62)])).toBe(2);
		// A sensor that is always this far apart has no gaps.
		expect(segments([at(0), at(300), at(600), at(900)])).toBe(1);
	});

	it('says what to choose if there are no positions', () => {
		expect(() => toGpx(indoor())).toThrow(UserError);
		expect(errorOf(() => toGpx(indoor())).next).toMatch(/Choose FIT/);
		expect(errorOf(() => toGpx({})).next).toMatch(/Fetch it with samples/);
	});

	it('leaves out invalid positions, and writes longitude 180 as -180', async () => {
		const activity = fullActivity();
		activity.position_data!.position_samples = [
			[91, 0],
			[0, 181],
			[null, 8],
			[0, 0],
			[-0.00000001, 180],
			[90, -180],
		].map((coords_lat_lng_deg, second) => ({ timestamp: stamp(second), coords_lat_lng_deg }));
		const gpx = toGpx(activity);
		const points = Array.from(parse(gpx).getElementsByTagName('trkpt'), (point) => [
			point.getAttribute('lat'),
			point.getAttribute('lon'),
		]);
		expect(points).toEqual([
			['0', '-180'],
			['90', '-180'],
		]);
		expect(await gpxFaults(gpx)).toEqual([]);
	});

	it('is well-formed and valid whatever the ride is called', async () => {
		const evil = ']]></name><script>alert(1)</script>\u0000\u0008\uFFFF\uD800 & é 🚴';
		const gpx = toGpx(changed(fullActivity(), ['metadata', 'name'], evil));
		expect(texts(gpx, 'name')[0]).toBe(']]></name><script>alert(1)</script> & é 🚴');
		expect(await gpxFaults(gpx)).toEqual([]);
	});
});

describe('TCX', () => {
	it('matches the reviewed file and is valid', async () => {
		const tcx = toTcx(fullActivity());
		expectGolden('ride.tcx', tcx);
		expect(await tcxFaults(tcx)).toEqual([]);
	});

	it('is read correctly by another program, lap by lap', () => {
		const laps = readTcx(parse(toTcx(fullActivity()))).features as ReadLap[];
		expect(
			laps.map(({ properties }) => [properties.totalTimeSeconds, properties.distanceMeters]),
		).toEqual([
			[5, 40],
			[4, 32],
		]);
		const points = laps.map(({ properties }) => properties.coordinateProperties.times);
		expect(points.map((times) => times.length)).toEqual([5, 5]);
		expect(points[1]![0]).toBe('2026-11-14T07:30:05Z');
	});

	it('contains every second of an indoor ride, without positions', async () => {
		const tcx = toTcx(indoor());
		expectGolden('indoor.tcx', tcx);
		expect(texts(tcx, 'Position')).toEqual([]);
		expect(texts(tcx, 'ns3:Watts')).toHaveLength(10);
		expect(await tcxFaults(tcx)).toEqual([]);
	});

	it('has one lap with the totals of the ride if the ride has no laps', async () => {
		const ride = changed(fullActivity(), ['metadata', 'end_time'], '2026-11-14T09:00:00Z');
		const tcx = toTcx(changed(ride, ['lap_data'], null));
		expect(texts(tcx, 'TotalTimeSeconds')).toEqual(['3753']);
		expect(texts(tcx, 'Calories')).toEqual(['801']);
		expect(texts(tcx, 'DistanceMeters')[0]).toBe('31234.5');
		expect(texts(tcx, 'Trackpoint')).toHaveLength(10);
		expect(await tcxFaults(tcx)).toEqual([]);
	});

	it('uses the laps that the athlete pressed if the device also counted its own', () => {
		const activity = fullActivity();
		const whole = {
			start_time: stamp(0),
			end_time: stamp(9),
			trigger_method: 'DISTANCE',
			active_duration_seconds: 9,
		};
		activity.lap_data!.laps!.unshift(whole);
		expect(texts(toTcx(activity), 'TotalTimeSeconds')).toEqual(['5', '4']);
	});

	it('starts a new track after a pause', async () => {
		const activity = withPower([
			{ timestamp: stamp(9), watts: 100, timer_duration_seconds: 9 },
			{ timestamp: stamp(200), watts: 100, timer_duration_seconds: 10 },
		]);
		const tcx = toTcx(activity);
		expect(texts(tcx, 'Track')).toHaveLength(3);
		expect(await tcxFaults(tcx)).toEqual([]);
	});

	it.each([
		[15, 'Biking'],
		[0, 'Other'],
		[8, 'Running'],
		[999, 'Other'],
		[null, 'Other'],
	])('writes activity type %p as %s', (type, sport) => {
		expect(toTcx(changed(fullActivity(), ['metadata', 'type'], type))).toContain(
			`Sport="${sport}"`,
		);
	});

	it('says what to do if there are no samples', () => {
		expect(() => toTcx({ metadata: {} })).toThrow(UserError);
		expect(errorOf(() => toTcx({ metadata: {} })).next).toMatch(/Fetch it with samples/);
	});
});

describe('GPX and TCX', () => {
	it('are valid, or refused with a reason, with each field null in turn and with every number 0', async () => {
		const paths = [...branchesOf(fullActivity()), ...leavesOf(fullActivity())];
		const rides = [
			...paths.map((path) => changed(fullActivity(), path, null)),
			zeroed(fullActivity()),
		];
		expect(await gpxFaults(...rides.flatMap((ride) => attempt(toGpx, ride)))).toEqual([]);
		expect(await tcxFaults(...rides.flatMap((ride) => attempt(toTcx, ride)))).toEqual([]);
	}, 60_000);

	it('are valid, or refused with a reason, with wrong values in every field', async () => {
		const values = ['1e300', 1e300, -1e300, 1e-9, { a: 1 }, true];
		const rides = leavesOf(fullActivity()).flatMap((path, index) => [
			changed(fullActivity(), path, 70_000),
			changed(fullActivity(), path, values[index % values.length]),
		]);
		expect(await gpxFaults(...rides.flatMap((ride) => attempt(toGpx, ride)))).toEqual([]);
		expect(await tcxFaults(...rides.flatMap((ride) => attempt(toTcx, ride)))).toEqual([]);
	}, 60_000);

	it('write local times as UTC if Terra sent no offset', () => {
		const local = JSON.parse(JSON.stringify(fullActivity()).replaceAll('+01:00', '')) as Activity;
		expect(texts(toGpx(local), 'time')[1]).toBe('2026-11-14T08:30:00Z');
		expect(texts(toTcx(local), 'Id')).toEqual(['2026-11-14T08:30:00Z']);
	});

	it('give samples without an offset the offset of the ride', () => {
		const activity = withPower([{ timestamp: '2026-11-14T08:30:04.000000', watts: 333 }]);
		const power = Array.from(parse(toGpx(activity)).getElementsByTagName('trkpt')).find((point) =>
			point.textContent!.includes('333'),
		);
		expect(power!.getElementsByTagName('time')[0]!.textContent).toBe('2026-11-14T07:30:04Z');
	});

	it('fail only with a reason', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				attempt(toGpx, value);
				attempt(toTcx, value);
			}),
		);
	});
});

describe('CSV of samples', () => {
	it('matches the reviewed file: one row a second, empty where a sensor was silent', () => {
		expectGolden('ride.csv', samplesCsv(fullActivity()).replaceAll('\r\n', '\n'));
	});

	it('merges samples of the same second into one row, in time order', () => {
		const activity = indoor();
		activity.distance_data = activity.movement_data = null;
		activity.power_data!.power_samples = [
			{ timestamp: '2026-11-14T08:30:02.900000+01:00', watts: 250 },
			{ timestamp: '2026-11-14T08:30:01.100000+01:00', watts: 0 },
		];
		activity.heart_rate_data!.detailed!.hr_samples = [
			{ timestamp: '2026-11-14T07:30:02.100000Z', bpm: 133 },
		];
		const [, ...rows] = samplesCsv(activity).trimEnd().split('\r\n');
		expect(rows).toEqual(['2026-11-14T07:30:01Z,,,,,,,,,0', '2026-11-14T07:30:02Z,,,,,,,133,,250']);
	});

	it('has no rows for a pause', () => {
		const activity = withPower([{ timestamp: stamp(200), watts: 100, timer_duration_seconds: 10 }]);
		expect(samplesCsv(activity).trimEnd().split('\r\n')).toHaveLength(1 + 10 + 1);
	});

	it('does not mark times without an offset as UTC', () => {
		const local = JSON.parse(JSON.stringify(fullActivity()).replaceAll('+01:00', '')) as Activity;
		expect(samplesCsv(local).split('\r\n')[1]).toMatch(/^2026-11-14T08:30:00,/);
	});

	it.each([null, { power_data: { power_samples: [{ watts: 1 }] } }])(
		'says what to do if there are no samples: %j',
		(activity) => {
			expect(errorOf(() => samplesCsv(activity)).next).toMatch(/Fetch it with samples/);
		},
	);

	it('quotes cells as in RFC 4180 and makes formulas harmless', () => {
		expect(
			toCsv(
				['a', 'b'],
				[
					['x,"y"', '=1+1'],
					['line\nbreak', -1.5],
					[null, true],
				],
			),
		).toBe('a,b\r\n"x,""y""",\'=1+1\r\n"line\nbreak",-1.5\r\n,true\r\n');
	});

	it('fails only because there are no samples', () => {
		fc.assert(fc.property(fc.anything(), (value) => void attempt(samplesCsv, value)));
	});
});

/** The error that a function must throw. */
function errorOf(write: () => string): UserError {
	try {
		write();
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error('Nothing was thrown');
}

/** The file, or none if the export is refused; any other error fails the test. */
function attempt(write: (activity: unknown) => string, activity: unknown): string[] {
	try {
		return [write(activity)];
	} catch (error) {
		if (error instanceof UserError) return [];
		throw error;
	}
}
