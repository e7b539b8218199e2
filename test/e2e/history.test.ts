import type { World } from './support';
import { createHistoryWorkflow, historyName, startWorld } from './support';
import { keyOf } from '../support/keyOf';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

/** The fields of Get Many for one athlete and some days. */
const oneAthlete = (userId: string, from: string, to: string) => ({
	athletes: 'one',
	user: { __rl: true, mode: 'id', value: userId },
	period: 'custom',
	from,
	to,
});

const run = async (parameters: Parameters<typeof createHistoryWorkflow>[1]) => {
	const workflow = await createHistoryWorkflow(world, parameters);
	return await world.client.run(workflow.id, 'By Hand');
};

const day = (daysAgo: number) =>
	new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

describe("Terra's Get Many in a real n8n", () => {
	it('returns every ride of 90 days once', async () => {
		const athlete = world.sandbox.users[0]!.user_id;
		const [from, to] = [day(90), day(1)];
		const ridden = world.sandbox
			.activitiesOf(athlete)
			.map(({ metadata }) => metadata)
			.filter(({ start_time }) => start_time.slice(0, 10) >= from && start_time.slice(0, 10) <= to)
			.map(({ summary_id }) => keyOf(world.sandbox.users[0], summary_id));
		// More than one window, so that several are joined.
		expect(ridden.length).toBeGreaterThan(30);

		const execution = await run({ ...oneAthlete(athlete, from, to), returnAll: true });
		expect(execution.error).toBeUndefined();
		const returned = execution.itemsOf(historyName).map(({ json }) => json.activity_key as string);
		expect([...returned].sort()).toEqual([...ridden].sort());
	});

	it('returns the laps of a ride with their figures', async () => {
		const { activity } = await world.sandbox.finishRide({ deliver: false, durationSeconds: 3600 });
		const execution = await run({
			...oneAthlete(world.sandbox.users[0]!.user_id, day(1), day(0)),
			returnAll: true,
			laps: true,
			figures: ['best_power_60s_watts'],
		});
		expect(execution.error).toBeUndefined();
		const key = keyOf(world.sandbox.users[0], activity.metadata.summary_id);
		const laps = execution
			.itemsOf(historyName)
			.map(({ json }) => json)
			.filter(({ activity_key }) => activity_key === key);
		expect(laps.length).toBeGreaterThan(1);
		expect(laps.map(({ lap }) => lap)).toEqual(laps.map((_, index) => index + 1));
		for (const lap of laps) expect(lap.best_power_60s_watts).toBeGreaterThan(50);
	});

	it('stops at the limit', async () => {
		const execution = await run({
			...oneAthlete(world.sandbox.users[0]!.user_id, day(90), day(1)),
			returnAll: false,
			limit: 7,
		});
		expect(execution.itemsOf(historyName)).toHaveLength(7);
	});

	it('waits for a rate limit, and continues', async () => {
		world.sandbox.faults.add({ kind: '429r2', retryAfterSeconds: 1, path: /activity/, times: 1 });
		world.sandbox.faults.add({ kind: 'status', status: 502, path: /activity/, times: 1 });
		const started = Date.now();
		const execution = await run({
			...oneAthlete(world.sandbox.users[0]!.user_id, day(20), day(1)),
			returnAll: true,
		});
		expect(execution.error).toBeUndefined();
		expect(execution.itemsOf(historyName).length).toBeGreaterThan(3);
		expect(Date.now() - started).toBeGreaterThan(1000);
	});

	it('fails if Terra does not know the user', async () => {
		const execution = await run({
			...oneAthlete('00000000-0000-4000-8000-000000000000', day(7), day(1)),
			returnAll: true,
		});
		expect(execution).toMatchObject({ status: 'error', error: 'Terra does not know this athlete' });
	});

	it('fails if From is after To', async () => {
		const execution = await run({
			...oneAthlete(world.sandbox.users[0]!.user_id, day(1), day(7)),
			returnAll: true,
		});
		expect(execution).toMatchObject({ status: 'error', error: "'From' is after 'To'" });
	});
});
