import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { deduplicator, notedKeys } from '../support/deduplication';
import { executeTerra, workflowOf } from '../support/n8nCore';
import { byId, byReference, failureOf, ride, setStage, type Stage } from './historySupport';

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

/** Terra's answer from now on, for every athlete. */
function answer(...data: object[]) {
	stage.sandbox.faults.clear();
	const body = { user: null, data };
	stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
}

/** A published workflow that can be run repeatedly. */
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

	it('returns 30 days at first, and then each ride once', async () => {
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

	it('returns a ride that reached Terra days late', async () => {
		const { run } = published({ period });
		finish('first', '2026-11-20T10:00:00+00:00');
		await run();
		stage.setNow('2026-11-28T03:00:00Z');
		await run();
		finish('late', '2026-11-22T18:00:00+00:00');
		expect(await run()).toEqual(['late']);
		expect(await run()).toEqual([]);
	});

	it('starts with 30 days again for an athlete without data so far, since Terra may still have been collecting', async () => {
		const { run } = published({ period });
		expect(await run()).toEqual([]);
		finish('collected later', '2026-11-01T10:00:00+00:00');
		expect(await run()).toEqual(['collected later']);
		expect(await run()).toEqual([]);
	});

	it('returns a ride that reached Terra a day late', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2026-11-23T03:00:00Z');
		await run();
		finish('late', '2026-11-22T18:00:00+00:00');
		expect(await run()).toEqual(['late']);
		expect(await run()).toEqual([]);
	});

	it('requests the last 25 days at once, and more after a longer break', async () => {
		const { run } = published({ period });
		finish('first', '2026-11-20T10:00:00+00:00');
		await run();
		stage.sandbox.requests.length = 0;
		stage.setNow('2026-11-29T12:00:00Z');
		await run();
		expect(stage.reads().map(({ query }) => [query.start_date, query.end_date])).toEqual([
			['2026-11-03', '2026-12-01'],
		]);

		stage.sandbox.requests.length = 0;
		stage.setNow('2027-01-20T12:00:00Z');
		await run();
		// The last run was in the week of 23 November.
		const [first] = stage
			.reads()
			.map(({ query }) => query.start_date!)
			.sort();
		expect(first).toBe('2026-11-15');
	});

	it('ignores the limit', async () => {
		for (let hour = 10; hour < 20; hour++) finish(`ride ${hour}`, `2026-11-20T${hour}:00:00+00:00`);
		expect(await published({ period, returnAll: false, limit: 3 }).run()).toHaveLength(10);
	});

	it('repeats days that were missing', async () => {
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

	it('repeats everything if another item fails the node', async () => {
		const { run } = published({ period, user: byId('={{ $json.id }}') });
		const input = (second: string) => [{ json: { id: athlete } }, { json: { id: second } }];
		finish('a', '2026-11-22T10:00:00+00:00');
		expect((await failureOf(run(input('nobody')))).message).toBe(
			"'Athlete' is not a Terra user ID",
		);
		expect(await run(input(stage.sandbox.users[1]!.user_id))).toEqual(['a']);
		expect(await run(input(stage.sandbox.users[1]!.user_id))).toEqual([]);
	});

	it('repeats an item that became an error', async () => {
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

	it('repeats all athletes of an item that failed because of one', async () => {
		const [one, two] = stage.sandbox.users.map(({ user_id }) => user_id);
		const options = { ifDaysMissing: 'fail' };
		const workflow = published({ period, athletes: 'everyone', options });
		workflow.node.onError = 'continueRegularOutput';
		finish('of one', '2026-11-01T10:00:00+00:00', one);
		finish('of two', '2026-11-02T10:00:00+00:00', two);
		stage.sandbox.faults.add({ kind: 'status', status: 424, userId: two, path: '/activity' });
		expect(await workflow.run()).toEqual([undefined]);
		stage.sandbox.faults.clear();
		expect(await workflow.run()).toEqual(['of two', 'of one']);
		expect(await workflow.run()).toEqual([]);
	});

	it("repeats everything if one of a person's connections refused and another did not", async () => {
		const connect = () =>
			stage.sandbox.addUser({ provider: 'XERT', reference_id: 'rider-1', historyDays: 0 }).user_id;
		const others = [connect(), connect(), connect()];
		// Four are asked at a time, so this one starts after the refusal.
		const last = connect();
		const { run } = published({ period, user: byReference('rider-1') });
		finish('missed at first', '2026-11-01T10:00:00+00:00');
		finish('of another connection', '2026-11-02T10:00:00+00:00', last);
		const path = '/activity';
		stage.sandbox.faults.add({ kind: 'status', status: 424, userId: athlete, path });
		for (const userId of others) {
			stage.sandbox.faults.add({ kind: 'slow', afterMs: 100, userId, path });
		}
		expect(await run()).toEqual(['of another connection']);
		stage.sandbox.faults.clear();
		expect(await run()).toEqual(['missed at first']);
		expect(await run()).toEqual([]);
	});

	it('returns a ride once if two items are about the same athlete', async () => {
		const { run } = published({ period });
		const twice = [{ json: {} }, { json: {} }];
		finish('a', '2026-11-20T10:00:00+00:00');
		expect(await run(twice)).toEqual(['a']);
		expect(await run(twice)).toEqual([]);
		finish('b', '2026-11-21T10:00:00+00:00');
		expect(await run(twice)).toEqual(['b']);
	});

	it('loses no ride if one of two items about the same athlete fails', async () => {
		const workflow = published({
			period,
			options: { ifDaysMissing: '={{ $json.ifDaysMissing }}' },
		});
		workflow.node.onError = 'continueRegularOutput';
		const input = ['fail', 'return'].map((ifDaysMissing) => ({ json: { ifDaysMissing } }));
		finish('a', '2026-11-20T10:00:00+00:00');
		finish('missed at first', '2026-11-10T10:00:00+00:00');
		const gap = { kind: 'status', status: 413, from: '2026-11-10', to: '2026-11-11' } as const;
		stage.sandbox.faults.add(gap);
		const [failed, ...found] = await workflow.run(input);
		expect(failed).toBeUndefined();
		stage.sandbox.faults.clear();
		found.push(...(await workflow.run(input)));
		expect(found.filter(Boolean).sort()).toEqual(['a', 'missed at first']);
		expect(await workflow.run(input)).toEqual([]);
	});

	it.each([
		['an empty answer', { kind: 'empty_data' }],
		[
			'a notice with an empty list',
			{ kind: 'status', status: 200, body: { data: null, user: null } },
		],
		['a missing day', { kind: 'status', status: 413, from: '2026-11-18', to: '2026-11-19' }],
	] as const)('returns no ride again after %s', async (_, fault) => {
		const { run } = published({ period });
		finish('a', '2026-11-20T10:00:00+00:00');
		await run();
		stage.sandbox.faults.add({ ...fault, path: '/activity' });
		expect(await run()).toEqual([]);
		stage.sandbox.faults.clear();
		expect(await run()).toEqual([]);
	});

	it('repeats everything after an invalid answer with status 200', async () => {
		const { run } = published({ period });
		finish('a', '2026-11-20T10:00:00+00:00');
		await run();
		stage.setNow('2026-12-05T12:00:00Z');
		finish('b', '2026-11-24T10:00:00+00:00');
		const body = { status: 'error', message: 'provider down', data: [] };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
		expect((await failureOf(run())).message).toMatch(/does not match the request/);
		stage.sandbox.faults.clear();
		stage.setNow('2026-12-15T12:00:00Z');
		expect(await run()).toEqual(['b']);
	});

	it('returns rides beside a missing day only once', async () => {
		const { run } = published({ period });
		finish('missed at first', '2026-11-18T10:00:00+00:00');
		finish('a', '2026-11-21T10:00:00+00:00');
		stage.sandbox.faults.add({ kind: 'status', status: 413, from: '2026-11-18', to: '2026-11-19' });
		expect(await run()).toEqual(['a']);
		stage.sandbox.faults.clear();
		expect(await run()).toEqual(['missed at first']);
		expect(await run()).toEqual([]);
	});

	it('requests missing days again, however much later', async () => {
		const { run } = published({ period });
		finish('missed at first', '2026-10-25T10:00:00+00:00');
		finish('a', '2026-11-10T10:00:00+00:00');
		stage.sandbox.faults.add({ kind: 'status', status: 413, from: '2026-10-25', to: '2026-10-26' });
		expect(await run()).toEqual(['a']);
		stage.sandbox.faults.clear();
		finish('after the first run', '2026-11-22T15:00:00+00:00');
		stage.setNow('2026-12-28T12:00:00Z');
		expect(await run()).toEqual(['after the first run', 'missed at first']);
		expect(await run()).toEqual([]);
	});

	it('goes back at most 90 days for an athlete without data', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2027-06-01T12:00:00Z');
		stage.sandbox.requests.length = 0;
		await run();
		const first = stage.reads().map(({ query }) => query.start_date!);
		// Plus an extra day at both ends, since the athlete's day is not Terra's.
		expect(first.sort()[0]).toBe('2027-03-02');
	});

	it('works after the clock was far ahead', async () => {
		const { run } = published({ period });
		stage.setNow('2027-06-01T12:00:00Z');
		finish('of the future', '2027-05-30T10:00:00+00:00');
		expect(await run()).toEqual(['of the future']);
		stage.setNow('2026-11-22T12:00:00Z');
		finish('of today', '2026-11-22T10:00:00+00:00');
		expect(await run()).toContain('of today');
		expect(await run()).not.toContain('of today');
	});

	it('recognises rides by any kind of ID', async () => {
		const ids = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
		ids.forEach((id, n) => finish(id, `2026-11-2${n % 2}T1${n}:00:00+00:00`));
		const { run } = published({ period });
		expect((await run()).sort()).toEqual([...ids].sort());
		expect(await run()).toEqual([]);
	});

	it('is remembered for each athlete', async () => {
		const everyone = published({ period, athletes: 'everyone' });
		await everyone.run();
		const { user_id } = stage.sandbox.addUser({ historyDays: 0 });
		finish('of a newcomer, weeks ago', '2026-11-01T10:00:00+00:00', user_id);
		expect(await everyone.run()).toEqual(['of a newcomer, weeks ago']);
	});

	it('stores nothing in the static data, which a worker of n8n 2.41 would overwrite', async () => {
		finish('a', '2026-11-20T10:00:00+00:00');
		const { run, workflow, node } = published({ period });
		await run();
		expect(workflow.staticData).toEqual({});
		// The ride, the fact of a run, and its week.
		expect(notedKeys(workflow, node.id)).toHaveLength(3);
		await run();
		expect(notedKeys(workflow, node.id)).toHaveLength(3);
	});

	it('is separate for other athletes and other types of data', async () => {
		finish('a', '2026-11-20T10:00:00+00:00');
		finish('b', '2026-10-25T10:00:00+00:00', stage.sandbox.users[1]!.user_id);
		const { run } = published({ period, user: byId('={{ $json.id }}') });
		const [one, two] = stage.sandbox.users.map(({ user_id }) => [{ json: { id: user_id } }]);
		expect(await run(one)).toEqual(['a']);
		expect(await run(two)).toEqual(['b']);
		expect(await run(one)).toEqual([]);
	});

	it('is not advanced by a manual run', async () => {
		finish('a', '2026-11-20T10:00:00+00:00');
		const { run, ...built } = published({ period });
		for (let test = 0; test < 2; test++) {
			expect(idsIn(await executeTerra(built, { mode: 'manual' }))).toEqual(['a']);
		}
		expect(await run()).toEqual(['a']);
		expect(idsIn(await executeTerra(built, { mode: 'manual' }))).toEqual([]);
	});

	it("fails without losing anything if n8n's database does not answer", async () => {
		finish('a', '2026-11-20T10:00:00+00:00');
		const { run } = published({ period });
		const real = deduplicator.checkProcessedAndRecord;
		let calls = 0;
		deduplicator.checkProcessedAndRecord = async (...what) => {
			// The first query, for the last run, is answered.
			if (++calls > 1) throw new Error('no database');
			return await real(...what);
		};
		const failure = await failureOf(run()).finally(() => {
			deduplicator.checkProcessedAndRecord = real;
		});
		expect(failure.message).toBe("n8n's database could not say what was seen before");
		expect(await run()).toEqual(['a']);
	});

	it('loses nothing if the database fails after everything was returned', async () => {
		finish('a', '2026-11-20T10:00:00+00:00');
		const { run } = published({ period });
		const real = deduplicator.checkProcessedAndRecord;
		let calls = 0;
		deduplicator.checkProcessedAndRecord = async (...what) => {
			if (++calls > 2) throw new Error('no database');
			return await real(...what);
		};
		const found = await run()
			.catch(() => [])
			.finally(() => {
				deduplicator.checkProcessedAndRecord = real;
			});
		expect([...found, ...(await run())]).toEqual(['a']);
	});

	it('loses nothing if its search for the last run is cut short', async () => {
		const { run, workflow, node } = published({ period });
		await run();
		stage.setNow('2027-01-20T12:00:00Z');
		finish('weeks ago', '2026-12-10T10:00:00+00:00');
		const real = deduplicator.removeProcessed;
		deduplicator.removeProcessed = async () => await Promise.reject(new Error('no database'));
		await failureOf(run()).finally(() => {
			deduplicator.removeProcessed = real;
		});
		expect(await run()).toEqual(['weeks ago']);
		expect(await run()).toEqual([]);
		// The ride, the fact of a run, and its week; the keys left by the search are gone.
		expect(notedKeys(workflow, node.id)).toHaveLength(3);
		stage.sandbox.requests.length = 0;
		await run();
		expect(stage.reads()).toHaveLength(1);
	});

	it('loses nothing if one of two items that search at the same time fails', async () => {
		const workflow = published({
			period,
			options: { ifDaysMissing: '={{ $json.ifDaysMissing }}' },
		});
		workflow.node.onError = 'continueRegularOutput';
		finish('missed at first', '2026-10-25T10:00:00+00:00');
		const input = ['fail', 'return'].map((ifDaysMissing) => ({ json: { ifDaysMissing } }));
		stage.sandbox.faults.add({ kind: 'status', status: 413, from: '2026-10-25', to: '2026-10-26' });
		await workflow.run(input);
		stage.sandbox.faults.clear();
		stage.setNow('2026-12-20T12:00:00Z');
		expect((await workflow.run(input)).filter(Boolean)).toEqual(['missed at first']);
	});

	it('returns a ride again if it has changed', async () => {
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

	it('does not count another order of fields, or the state of a device, as a change', async () => {
		const { run } = published({ period });
		const { metadata } = ride('a', '2026-11-20T10:00:00+00:00');
		const laps = [{ start: 1, end: 2 }];
		answer({ metadata, device_data: { last_upload_date: 1 }, lap_data: { laps } });
		expect(await run()).toEqual(['a']);
		const turned = Object.fromEntries(Object.entries(metadata).reverse());
		answer({ lap_data: { laps: [{ end: 2, start: 1 }] }, metadata: turned });
		expect(await run()).toEqual([]);
		answer({ metadata, lap_data: { laps: [...laps, ...laps] } });
		expect(await run()).toEqual(['a']);
	});

	it('recognises a ride without ID and time by its content', async () => {
		const { run } = published({ period, athletes: 'everyone' });
		const nameless = (name: string) => ({ metadata: { name, summary_id: null, start_time: null } });
		answer(nameless('one'));
		// It is in both requests for each of the two athletes.
		expect(await run()).toHaveLength(2);
		expect(await run()).toEqual([]);
		answer(nameless('one'), nameless('two'));
		expect(await run()).toHaveLength(2);
	});

	it('loses nothing at the ends of a monthly schedule, even if the first months were empty', async () => {
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

	it('returns the ride of an athlete whose time zone is ahead', async () => {
		const { run } = published({ period });
		await run();
		stage.setNow('2026-11-22T20:00:00Z');
		finish('ahead', '2026-11-23T07:00:00+12:00');
		expect(await run()).toEqual(['ahead']);
		expect(await run()).toEqual([]);
	});

	it('returns recent daily summaries again, since they may have changed', async () => {
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

describe('the log of a long run', () => {
	it('has a line every ten seconds', async () => {
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

	it('contains no health data, not even a name', async () => {
		finish('a', '2026-11-10T10:00:00+00:00');
		stage.sandbox.faults.add({ kind: 'processing', path: '/activity', times: 1 });
		await published({}).run();
		expect(stage.log).toEqual([
			'Terra: waiting 1 s (Terra is still collecting this data); 0 of 2 requests done, 0 records, waited 1 s in all',
		]);
	});
});
