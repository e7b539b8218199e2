import type { Activity, Sandbox, SandboxUserSeed } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Ride } from '../../sandbox/rides/activity';
import { makeRide } from '../../sandbox/rides/activity';
import { planRide } from '../../sandbox/rides/plan';
import { profileFor } from '../../sandbox/rides/profile';
import type { Quirk } from '../../sandbox/rides/quirks';
import { call } from './api';
import { ACTIVITY_FIELDS, unknownFields } from './fields';
import { Receiver } from './receiver';

/** Boulder: seven hours behind UTC. */
const profile = profileFor(7, 1);

function rideWith(quirks: Quirk[], withSamples = true, indoor = false): Ride {
	const plan = planRide({
		seed: 7,
		userId: 'u',
		provider: 'XERT',
		key: 'q',
		startMs: Date.UTC(2026, 9, 4, 8),
		durationSeconds: 600,
		indoor,
		quirks,
	});
	return makeRide(plan, profile, withSamples);
}

const clean = rideWith([]);

it('writes the times of who has no clock in UTC', () => {
	const ride = rideWith(['utc']);
	expect(clean.metadata).toMatchObject({
		start_time: '2026-10-04T01:00:00.000000-07:00',
		timestamp_localization: 1,
	});
	expect(ride.metadata).toMatchObject({
		start_time: '2026-10-04T08:00:00.000000+00:00',
		timestamp_localization: 0,
	});
	expect(JSON.stringify(ride)).not.toContain('-07:00');
	expect(ride.position_data).toMatchObject({
		start_pos_lat_lng_deg: clean.position_data?.start_pos_lat_lng_deg,
	});
});

it('ends each lap but the last after the next one has begun, and they still add up', () => {
	const { laps } = rideWith(['overlappingLaps']).lap_data;
	expect(laps).toHaveLength(3);
	const late = laps.slice(1).map((lap, before) => {
		return Date.parse(laps[before]!.end_time) - Date.parse(lap.start_time);
	});
	expect(late).toEqual([900, 900]);
	expect(laps.at(-1)?.end_time).toBe(clean.metadata.end_time);
	const metres = laps.reduce((sum, lap) => sum + lap.distance_meters, 0);
	expect(metres).toBeCloseTo(clean.distance_data.summary.distance_meters, 2);
});

it('loses the signal of the sensors for a while, each in its own way', () => {
	const ride = rideWith(['dropOuts']);
	const nowhere = ride.position_data?.position_samples.filter(({ coords_lat_lng_deg: at }) =>
		at.every((degrees) => degrees === 0),
	);
	expect(nowhere).toHaveLength(20);
	const beats = ride.heart_rate_data.detailed.hr_samples;
	expect(beats.filter(({ bpm }) => bpm === 0)).toHaveLength(8);
	expect(beats).toHaveLength(600);
	expect(ride.power_data.power_samples).toHaveLength(593);
	expect(ride.movement_data.cadence_samples).toHaveLength(593);
	expect(rideWith(['dropOuts'], true, true).position_data).toBeNull();
});

it('has one second of power that nobody has', () => {
	const { max_watts, avg_watts, power_samples } = rideWith(['powerSpikes']).power_data;
	expect(power_samples.filter(({ watts }) => watts > 2000)).toMatchObject([{ watts: 21_700 }]);
	expect([max_watts, avg_watts]).toEqual([21_700, clean.power_data.avg_watts]);
});

it('fills up names with NUL', () => {
	const ride = rideWith(['paddedNames']);
	expect(ride.metadata.name).toBe(`${clean.metadata.name}\0\0\0`);
	expect(ride.device_data.name).toBe(`${clean.device_data.name}\0\0\0`);
});

it('has the same numbers with and without samples, and only fields that Terra has', () => {
	const all: Quirk[] = ['utc', 'overlappingLaps', 'dropOuts', 'powerSpikes', 'paddedNames'];
	const emptied = JSON.parse(
		JSON.stringify(rideWith(all), (key, value) =>
			key !== 'TSS_samples' && /_samples/.test(key) ? [] : value,
		),
	);
	expect(rideWith(all, false)).toEqual(emptied);
	expect(unknownFields(rideWith(all), ACTIVITY_FIELDS)).toEqual([]);
});

describe('in a sandbox', () => {
	let sandbox: Sandbox;
	let receiver: Receiver;
	const start = async (user: SandboxUserSeed) => {
		receiver = await new Receiver().start();
		const now = () => Date.UTC(2026, 10, 21, 12);
		sandbox = await startSandbox({ users: [{ rideSeconds: 60, ...user }], now });
		sandbox.setDestination(receiver.url);
		return sandbox.users[0]!.user_id;
	};
	afterEach(async () => {
		await sandbox.close();
		await receiver.stop();
	});
	const typesOf = (rides: Activity[]) => rides.map(({ metadata }) => metadata['upload_type']);
	const control = async (path: string, body: object) =>
		await call(sandbox, path, {}, { method: 'POST', body, base: `${sandbox.url}/sandbox` });

	it('are those of an athlete: every ride of the history, but states only of some', async () => {
		const userId = await start({
			historyDays: 10,
			ridesPerWeek: 7,
			quirks: ['paddedNames', 'deleted', 'pending'],
		});
		const rides = sandbox.activitiesOf(userId);
		expect(rides.every(({ metadata }) => String(metadata['name']).endsWith('\0'))).toBe(true);
		expect(typesOf(rides).sort()).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
		const { activity } = await sandbox.finishRide({ durationSeconds: 60 });
		expect(activity.metadata).toMatchObject({ upload_type: 1, name: expect.stringMatching(/\0$/) });
	});

	it('are those of one ride, also from another process', async () => {
		await start({ historyDays: 0 });
		const { json } = await control('/rides', { durationSeconds: 60, quirks: ['pending', 'utc'] });
		expect(json.activity.metadata).toMatchObject({ upload_type: 5, timestamp_localization: 0 });
		expect(receiver.received[0]?.json).toMatchObject({ data: [{ metadata: { upload_type: 5 } }] });
		const wrong = await control('/rides', { quirks: ['asleep'] });
		expect(wrong).toMatchObject({ status: 400 });
		expect(wrong.json.detail).toContain('There is no quirk asleep: utc, ');
		const other = await control('/users', { historyDays: 0, quirks: ['utc'] });
		const userId = other.json.user_id as string;
		const { activity } = await sandbox.finishRide({ userId, durationSeconds: 60 });
		expect(activity.metadata.timestamp_localization).toBe(0);
	});

	it('include a new connection: a new user ID, and all rides once more', async () => {
		const before = await start({
			provider: 'GARMIN',
			reference_id: 'rider-1',
			historyDays: 12,
			ridesPerWeek: 7,
		});
		const { activity } = await sandbox.finishRide({ durationSeconds: 60, deliver: false });
		const rides = sandbox.activitiesOf(before);
		const days = { start_date: '2026-11-10', end_date: '2026-11-20', to_webhook: false };
		const slept = (await call(sandbox, '/sleep', { user_id: before, ...days })).json.data;

		const { json: user } = await control('/reconnects', { userId: before, deliverRides: true });
		await sandbox.settled();
		expect(user.user_id).not.toBe(before);
		expect(user).toMatchObject({ reference_id: 'rider-1', provider: 'GARMIN' });
		expect(sandbox.users.map(({ user_id }) => user_id)).toEqual([user.user_id]);
		expect(sandbox.activitiesOf(user.user_id)).toEqual(rides);
		expect(rides.at(-1)).toEqual(activity);
		const after = await call(sandbox, '/sleep', { user_id: user.user_id, ...days });
		expect(slept).toHaveLength(11);
		expect(after.json.data).toEqual(slept);
		expect((await call(sandbox, '/userInfo', { user_id: before })).status).toBe(404);

		const events = receiver.received.map((event) => event.json);
		expect(events.map(({ type }) => type).sort()).toEqual([
			'activity',
			'activity',
			'auth',
			'user_reauth',
		]);
		const sent = events.filter(({ type }) => type === 'activity');
		expect(sent).toMatchObject(sent.map(() => ({ user: { user_id: user.user_id } })));
		const ids = sent.flatMap(({ data }) => data as Activity[]).map((ride) => ride.metadata);
		expect(new Set(ids.map(({ summary_id }) => summary_id))).toEqual(
			new Set(rides.map(({ metadata }) => metadata.summary_id)),
		);
	});
});
