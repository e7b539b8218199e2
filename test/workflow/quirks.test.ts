import { gpx as readGpx, tcx as readTcx } from '@tmcw/togeojson';
import { DOMParser } from '@xmldom/xmldom';
import type { SandboxUserSeed } from '../../sandbox';
import { keyOf } from '../support/keyOf';
import { startTrigger, type Trigger } from '../support/terra';
import { byReference, setStage, type Stage } from './historySupport';

/** What real devices, providers and athletes do to rides: the sandbox does it, both nodes meet it. */

let stage: Stage | undefined;
let trigger: Trigger | undefined;
afterEach(async () => {
	await stage?.sandbox.close();
	await trigger?.close();
	stage = trigger = undefined;
});

type Quirks = NonNullable<SandboxUserSeed['quirks']>;

/** One athlete, a ride every day. */
const athlete = (quirks: Quirks, historyDays: number): SandboxUserSeed => ({
	reference_id: 'rider-1',
	ridesPerWeek: 7,
	rideSeconds: 120,
	historyDays,
	quirks,
});

const history = async (quirks: Quirks, historyDays = 10) => {
	stage = await setStage({ users: [athlete(quirks, historyDays)] });
	return stage;
};

const rows = async (parameters = {}, options = {}) => {
	const { items } = await stage!.run(
		{ simplify: true, columns: 'full', user: byReference('rider-1'), ...parameters },
		options,
	);
	return items.map(({ json }) => json);
};

/** The file of the only ride there is. */
async function fileOf(quirks: Quirks, fileFormat: string) {
	const { sandbox, run } = await history(quirks, 0);
	const { activity } = await sandbox.finishRide({ durationSeconds: 600, deliver: false });
	const { summary_id: summaryId } = activity.metadata;
	const { items } = await run({
		resource: 'activity',
		operation: 'export',
		activityKey: keyOf(sandbox.users[0], summaryId),
		fileFormat,
	});
	const file = items[0]!.binary!['data']!;
	return { activity, file, text: Buffer.from(file.data, 'base64').toString() };
}

const parse = (text: string) =>
	new DOMParser().parseFromString(text, 'text/xml') as unknown as Document;

const published = async () => {
	trigger = await startTrigger({ emit: 'all' }, { sandboxOptions: { users: [athlete([], 3)] } });
	trigger.sandbox.setDestination(trigger.url);
	return trigger;
};

it("times in UTC claim no athlete's clock", async () => {
	await history(['utc']);
	const found = await rows({}, { timezone: 'America/Denver' });
	expect(found).toHaveLength(10);
	for (const row of found) {
		expect(row).toMatchObject({ local_clock: 'workflow', utc_offset: null });
		const day = new Intl.DateTimeFormat('sv', { timeZone: 'America/Denver' });
		expect(row.local_date).toBe(day.format(new Date(row.start_time_utc as string)));
	}
});

it('deleted and pending rides are in no history', async () => {
	const { sandbox } = await history(['deleted', 'pending']);
	const kept = sandbox
		.activitiesOf(sandbox.users[0]!.user_id)
		.filter(({ metadata }) => metadata.upload_type === 1);
	expect(kept).toHaveLength(6);
	const found = await rows();
	expect(found.map(({ summary_id }) => summary_id).sort()).toEqual(
		kept.map(({ metadata }) => metadata.summary_id).sort(),
	);
});

it('a ride that is confirmed and then deleted is told so', async () => {
	const { sandbox, items } = await published();
	const { activity } = await sandbox.finishRide({ durationSeconds: 60, quirks: ['pending'] });
	const { summary_id: summaryId } = activity.metadata;
	for (const upload_type of [1, 4]) {
		const change = { metadata: { upload_type } };
		await sandbox.updateActivity(sandbox.users[0]!.user_id, summaryId, change);
	}
	const activity_key = keyOf(sandbox.users[0], summaryId);
	expect(items()).toMatchObject(
		['pending', 'new', 'deleted'].map((status) => ({ activity_key, status })),
	);
});

it('an athlete who connects again brings the rides there were, under the same keys', async () => {
	const { sandbox } = await history([]);
	const since = { period: 'sinceLastRun', athletes: 'everyone' };
	const workflow = { staticData: {} };
	const before = await rows(since, workflow);
	expect(before).toHaveLength(10);
	sandbox.reconnect(sandbox.users[0]!.user_id);
	expect(await rows(since, workflow)).toEqual([]);
	const keys = (all: typeof before) => all.map(({ activity_key }) => activity_key);
	expect(keys(await rows())).toEqual(keys(before));
});

it('an athlete who connects again starts no workflow for the rides there were', async () => {
	trigger = await startTrigger(
		{ emit: 'new' },
		{ sandboxOptions: { users: [athlete([], 0)], timeScale: 1000 } },
	);
	const { sandbox, items, url } = trigger;
	sandbox.setDestination(url);
	for (let rides = 0; rides < 3; rides++) await sandbox.finishRide({ durationSeconds: 60 });
	expect(items()).toHaveLength(3);
	sandbox.reconnect(sandbox.users[0]!.user_id, { deliverRides: true });
	await sandbox.settled();
	expect(sandbox.ledger.at(-1)).toMatchObject({ type: 'activity', outcome: 'accepted' });
	expect(items()).toHaveLength(3);
});

interface Lap {
	properties: { distanceMeters: number; totalTimeSeconds: number };
}

it('overlapping laps are all in the file and add up to the ride', async () => {
	const { activity, text } = await fileOf(['overlappingLaps'], 'tcx');
	const laps = readTcx(parse(text)).features as Lap[];
	expect(laps).toHaveLength(3);
	const sum = (of: keyof Lap['properties']) =>
		laps.reduce((all, { properties }) => all + properties[of], 0);
	expect(sum('distanceMeters')).toBeCloseTo(activity.distance_data.summary.distance_meters, 1);
	expect(sum('totalTimeSeconds')).toBe(600);
});

it('drop-outs are no positions, and no sensor falls to nothing', async () => {
	const { text } = await fileOf(['dropOuts'], 'gpx');
	const [track] = readGpx(parse(text)).features;
	if (track?.geometry.type !== 'LineString') throw new Error('no track');
	expect(track.geometry.coordinates).toHaveLength(600 - 20);
	const latitudes = (track.geometry.coordinates as number[][]).map(([, latitude]) => latitude!);
	expect(Math.max(...latitudes) - Math.min(...latitudes)).toBeLessThan(0.1);
	const { heart, powers } = track.properties!.coordinateProperties as Record<string, number[]>;
	expect([...heart!, ...powers!].filter((value) => value === null)).toEqual([]);
	expect(Math.min(...heart!)).toBeGreaterThan(40);
});

it('a spike of power does not flatten the chart', async () => {
	const { text } = await fileOf(['powerSpikes'], 'chart');
	expect(text).toContain('cut at the top: up to 21700 W');
});

it('padding is part of no name: in a row, a file, a file name', async () => {
	const { activity, file, text } = await fileOf(['paddedNames'], 'tcx');
	expect(activity.metadata.name).toMatch(/\0$/);
	const [row] = await rows();
	expect(row).toMatchObject({ name: activity.metadata.name.replaceAll('\0', '') });
	expect(JSON.stringify([row, file.fileName, text])).not.toMatch(/\0|\\u0000/);
});
