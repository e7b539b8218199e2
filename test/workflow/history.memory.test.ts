import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { executeTerra, workflowOf } from '../support/n8nCore';
import { byId, failureOf, ride, setStage, type Stage } from './historySupport';

let stage: Stage;
let athlete: string;

beforeEach(async () => {
	stage = await setStage({
		users: [{ historyDays: 0, reference_id: 'rider-1' }, { historyDays: 0 }],
	});
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => await stage.sandbox.close());

const finish = (id: string, start: string, userId = athlete) =>
	stage.sandbox.addActivities(userId, [ride(id, start)]);

/** A published workflow, run again and again. */
function published(parameters: INodeParameters) {
	const built = workflowOf({
		type: 'terra',
		credential: stage.credential,
		parameters: { user: byId(athlete), simplify: false, ...parameters },
	});
	return {
		...built,
		run: async (input?: INodeExecutionData[]) =>
			idsIn(await executeTerra(built, { mode: 'trigger', input })),
	};
}

const idsIn = (items: INodeExecutionData[]) =>
	items.map(({ json }) =>
		json.type === 'activity'
			? (json.data as { metadata: { summary_id: string } }).metadata.summary_id
			: json.type,
	);

describe('Since the Last Successful Run', () => {
	const period = 'sinceLastRun';

	it('begins with 30 days, and then brings each ride once', async () => {
		finish('too old', '2026-10-23T10:00:00+00:00');
		finish('old', '2026-10-24T10:00:00+00:00');
		finish('this morning', '2026-11-22T08:00:00+00:00');
		const { run } = published({ period });
		expect(await run()).toEqual(['this morning', 'old']);
		expect(await run()).toEqual([]);

		finish('this afternoon', '2026-11-22T15:00:00+00:00');
		expect(await run()).toEqual(['this afternoon']);

		stage.setNow('2026-11-25T03:00:00Z');
		finish('the day after', '2026-11-23T15:00:00+00:00');
		expect(await run()).toEqual(['the day after']);
		expect(await run()).toEqual([]);
	});

	it('brings a ride that reached Terra days late', async () => {
		const { run } = published({ period });
		finish('first', '2026-11-20T10:00:00+00:00');
		await run();
		stage.setNow('2026-11-28T03:00:00Z');
		await run();
		finish('late', '2026-11-22T18:00:00+00:00');
		expect(await run()).toEqual(['late']);
		expect(await run()).toEqual([]);
	});

	it('begins anew for an athlete who had nothing yet, since Terra may still have been collecting', async () => {
		const { run } = published({ period });
		expect(await run()).toEqual([]);
		finish('collected later', '2026-11-01T10:00:00+00:00');
		expect(await run()).toEqual(['collected later']);
		expect(await run()).toEqual([]);
	});

	it('brings a ride that reached Terra a day late', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2026-11-23T03:00:00Z');
		await run();
		finish('late', '2026-11-22T18:00:00+00:00');
		expect(await run()).toEqual(['late']);
		expect(await run()).toEqual([]);
	});

	it('asks only for the days since then, and a week more for what comes late', async () => {
		const { run } = published({ period });
		finish('first', '2026-11-20T10:00:00+00:00');
		await run();
		stage.sandbox.requests.length = 0;
		stage.setNow('2026-11-29T12:00:00Z');
		await run();
		expect(stage.reads().map(({ query }) => [query.start_date, query.end_date])).toEqual([
			['2026-11-14', '2026-12-01'],
		]);
	});

	it('brings all of it, whatever the limit', async () => {
		for (let hour = 10; hour < 20; hour++) finish(`ride ${hour}`, `2026-11-20T${hour}:00:00+00:00`);
		expect(await published({ period, returnAll: false, limit: 3 }).run()).toHaveLength(10);
	});

	it('does not move on when days are missing', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2026-11-25T12:00:00Z');
		finish('missed at first', '2026-11-23T10:00:00+00:00');
		stage.sandbox.faults.add({ kind: 'status', status: 413, from: '2026-11-23', to: '2026-11-24' });
		expect(await run()).toEqual([]);

		stage.sandbox.faults.clear();
		stage.setNow('2026-11-28T12:00:00Z');
		expect(await run()).toEqual(['missed at first']);
	});

	it('does not move on when another item fails the node', async () => {
		const { run } = published({ period, user: byId('={{ $json.id }}') });
		const input = (second: string) => [{ json: { id: athlete } }, { json: { id: second } }];
		finish('a', '2026-11-22T10:00:00+00:00');
		expect((await failureOf(run(input('nobody')))).message).toBe("'User' is not a Terra user ID");
		expect(await run(input(stage.sandbox.users[1]!.user_id))).toEqual(['a']);
		expect(await run(input(stage.sandbox.users[1]!.user_id))).toEqual([]);
	});

	it('does not move on for an item that became an error', async () => {
		const [one, two] = stage.sandbox.users;
		const workflow = published({
			period,
			user: byId('={{ $json.id }}'),
			options: { ifDaysMissing: 'fail' },
		});
		workflow.node.onError = 'continueRegularOutput';
		const input = [{ json: { id: one!.user_id } }, { json: { id: two!.user_id } }];
		finish('of one', '2026-11-20T10:00:00+00:00', one!.user_id);
		finish('of two', '2026-11-20T10:00:00+00:00', two!.user_id);
		const userId = one!.user_id;
		stage.sandbox.faults.add({
			kind: 'status',
			status: 413,
			userId,
			from: '2026-11-01',
			to: '2026-11-02',
		});
		expect(await workflow.run(input)).toEqual([undefined, 'of two']);
		stage.sandbox.faults.clear();
		expect(await workflow.run(input)).toEqual(['of one']);
	});

	it('is remembered for each athlete', async () => {
		const everyone = published({ period, athletes: 'everyone' });
		await everyone.run();
		const { user_id } = stage.sandbox.addUser({ historyDays: 0 });
		finish('of a newcomer, weeks ago', '2026-11-01T10:00:00+00:00', user_id);
		expect(await everyone.run()).toEqual(['of a newcomer, weeks ago']);
	});

	it('keeps little in the workflow', async () => {
		for (let day = 10; day < 22; day++) finish(`ride-${day}`, `2026-11-${day}T10:00:00+00:00`);
		const { run, workflow } = published({ period });
		await run();
		const { lastRuns } = workflow.staticData['node:Terra'] as { lastRuns: Record<string, any> };
		const { day, seen } = lastRuns['activity:rider-1:XERT'];
		expect(day).toBe('2026-11-22');
		const expected = [15, 16, 17, 18, 19, 20, 21].map((number) => `ride-${number}`);
		expect(Object.keys(seen).sort()).toEqual(expected);
		expect(JSON.stringify(seen).length).toBeLessThan(250);
	});

	it('brings a ride again that has changed, and not one that has not', async () => {
		const { run } = published({ period, simplify: true, columns: 'full' });
		const finishAs = (distance_meters: number) =>
			stage.sandbox.addActivities(athlete, [
				{
					...ride('r1', '2026-11-20T10:00:00+00:00'),
					distance_data: { summary: { distance_meters } },
				} as never,
			]);
		finishAs(1_000);
		await run();
		expect(await run()).toEqual([]);
		stage.setNow('2026-11-23T12:00:00Z');
		finishAs(42_000);
		expect(await run()).toHaveLength(1);
		expect(await run()).toEqual([]);
	});

	it('loses nothing at the edges of a monthly schedule, though the first months had no ride', async () => {
		const { run } = published({ period });
		const found: unknown[] = [];
		for (const month of ['2026-12', '2027-01', '2027-02', '2027-03']) {
			stage.setNow(`${month}-01T03:00:00Z`);
			found.push(...(await run()));
			const date = new Date(`${month}-02T10:00:00Z`);
			if (month >= '2027-01') finish(`ride ${month}`, date.toISOString().replace('Z', '+00:00'));
		}
		stage.setNow('2027-04-01T03:00:00Z');
		found.push(...(await run()));
		expect(found).toEqual(['ride 2027-01', 'ride 2027-02', 'ride 2027-03']);
	});

	it('brings the ride of an athlete whose clock is ahead', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2026-11-22T20:00:00Z');
		finish('ahead', '2026-11-23T07:00:00+12:00');
		expect(await run()).toEqual(['ahead']);
		expect(await run()).toEqual([]);
	});

	it('brings a daily summary of the last days again, since it may have grown', async () => {
		stage.sandbox.addUser({ provider: 'GARMIN' });
		const { user_id } = stage.sandbox.users.at(-1)!;
		const built = published({ period, resource: 'daily', user: byId(user_id) });
		const daysIn = async () =>
			(await executeTerra(built, { mode: 'trigger' })).map(({ json }) =>
				(json.data as { metadata: { start_time: string } }).metadata.start_time.slice(0, 10),
			);
		expect((await daysIn()).length).toBeGreaterThan(20);
		stage.setNow('2026-11-23T12:00:00Z');
		const again = await daysIn();
		expect(again.every((day) => day >= '2026-11-15')).toBe(true);
		expect(again.length).toBeLessThanOrEqual(8);
	});
});

describe('what a long run tells', () => {
	it('is in the log every ten seconds', async () => {
		stage.sandbox.faults.add({
			kind: 'slow',
			afterMs: 0,
			when: () => {
				stage.setNow(
					new Date(
						Date.parse('2026-11-22T12:00:00Z') + 11_000 * stage.reads().length,
					).toISOString(),
				);
				return true;
			},
		});
		await published({ period: 'last90Days' }).run();
		expect(stage.log.slice(0, 2)).toEqual([
			'Terra: 1 of 4 requests done, 0 records',
			'Terra: 2 of 4 requests done, 0 records',
		]);
	});

	it('is nothing about health, not even a name', async () => {
		finish('a', '2026-11-10T10:00:00+00:00');
		stage.sandbox.faults.add({ kind: 'processing', path: '/activity', times: 1 });
		await published({}).run();
		expect(stage.log).toEqual([
			'Terra: waiting 1 s (Terra is still collecting this data); 0 of 2 requests done, 0 records, waited 1 s in all',
		]);
	});
});
