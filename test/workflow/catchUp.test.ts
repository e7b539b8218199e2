import type { INodeParameters } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport';
import { noted, notedKeys } from '../support/deduplication';
import { restarted } from '../support/n8nCore';
import { activated, DAY, fakeTime, fillTable, HOUR, MINUTE, published, time } from './passSupport';

fakeTime();

describe('catching up', () => {
	it('starts each missed ride once, in its own execution, oldest first', async () => {
		const { built, ride, items } = await published({ columns: 'full' });
		const delivered = await ride({ hoursAgo: 30, deliver: true });
		expect(items()).toHaveLength(1);
		const missed = [await ride({ hoursAgo: 20 }), await ride({ hoursAgo: 10 }), await ride()];

		const again = restarted(built);
		const trigger = await activated(again);
		// By then, rides that ended just before the start are an hour old.
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(trigger.rides()).toEqual(missed.map((id) => [id]));
		expect(trigger.executions[0]![0]!.json).toMatchObject({
			source: 'catch-up',
			status: 'new',
			event_type: 'activity',
			trace_id: null,
			reference_id: 'rider-1',
		});
		expect(await trigger.pass()).toBe(6 * HOUR);
		expect(trigger.executions).toHaveLength(3);
		// One question to n8n's table covers all four rides.
		expect(trigger.counts.questions).toBe(1);
		expect(trigger.rides().flat()).not.toContain(delivered);
		await trigger.close();

		const oncemore = await activated(restarted(again));
		await oncemore.pass();
		expect(oncemore.executions).toEqual([]);
		expect(oncemore.warnings).toEqual([]);
	});

	it('does not ask n8n if every ride was delivered', async () => {
		const { built, ride, requests } = await published();
		const trigger = await activated(built, { activation: 'activate' });
		await ride({ deliver: true });
		const before = requests();
		await trigger.pass();
		expect(requests()).toBe(before + 1);
		expect(trigger.counts.questions).toBe(0);
		expect(trigger.executions).toEqual([]);
	});

	it('starts a ride from the time when the workflow was not published', async () => {
		const { built, ride } = await published();
		time.passes(DAY);
		const missed = await ride({ hoursAgo: 40 });
		const trigger = await activated(built, { activation: 'activate' });
		await trigger.pass();
		expect(trigger.rides()).toEqual([[missed]]);
	});

	it('starts a ride whose execution n8n accepted and then lost', async () => {
		const { built, ride, losingExecutions, executions } = await published();
		const lost: string[] = [];
		await losingExecutions(async () => lost.push(await ride({ deliver: true })));
		expect(executions).toEqual([]);
		// n8n may still have it in its queue.
		const trigger = await activated(restarted(built));
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
		time.passes(2 * HOUR);
		await trigger.pass();
		expect(trigger.rides()).toEqual([lost]);
	});

	it.each([{ isQueueMode: false }, { isQueueMode: true }])(
		'needs only the table if the process remembers nothing: %j',
		async (options) => {
			const { built, ride } = await published();
			await ride({ hoursAgo: 30, deliver: true });
			await ride({ hoursAgo: 20, deliver: true });
			const missed = await ride();
			const again = restarted(built);
			const static_ = again.workflow.getStaticData('node', again.node);
			delete static_.records;
			delete static_.deliveries;
			const trigger = await activated(again, options);
			await trigger.pass();
			expect(trigger.rides()).toEqual([[missed]]);
			expect(trigger.counts.questions).toBe(1);
		},
	);
});

describe('catching up does not start a ride', () => {
	const nothing = async (
		ride: Parameters<Awaited<ReturnType<typeof published>>['ride']>[0],
		parameters: INodeParameters = {},
	) => {
		const world = await published(parameters);
		await world.ride(ride);
		const trigger = await activated(world.built);
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
		expect(trigger.counts.questions).toBe(0);
		expect(trigger.warnings).toEqual([]);
	};

	it('that ended less than an hour ago, to leave it to the webhook', async () => {
		await nothing({ hoursAgo: 0.9 });
	});

	it('that ended before the trigger was first published', async () => {
		await nothing({ hoursAgo: 5 * 24 + 1 });
	});

	it('that ended more than ten days ago', async () => {
		const { built, ride } = await published();
		time.passes(20 * DAY);
		await ride({ hoursAgo: 10 * 24 + 1 });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('that the filters leave out', async () => {
		await nothing({}, { filters: { minDuration: 60 } });
		await nothing({}, { filters: { athletes: ['somebody else'] } });
		await nothing({}, { providers: { __rl: true, mode: 'name', value: 'GARMIN' } as never });
	});

	it('from before the athlete connected', async () => {
		const { built, sandbox, ride } = await published();
		const late = sandbox.addUser({ provider: 'XERT', reference_id: 'late', historyDays: 0 });
		late.created_at = new Date(clock.now() - 6 * HOUR).toISOString();
		await ride({ hoursAgo: 10, userId: late.user_id });
		const after = await ride({ hoursAgo: 2, userId: late.user_id });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.rides()).toEqual([[after]]);
	});

	it('that earlier filters left out', async () => {
		const { built, ride } = await published({ filters: { minDuration: 60 } });
		await ride();
		built.node.parameters.filters = { minDuration: 0 };
		const trigger = await activated(built, { activation: 'activate' });
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it.each([[{ catchUp: 'off' }], [{ options: { dropRepeated: false } }], [{ events: ['auth'] }]])(
		'if the trigger has %j',
		async (parameters) => {
			const { built, ride, requests } = await published(parameters);
			await ride();
			await activated(built);
			expect(time.sleepers()).toEqual([]);
			expect(requests()).toBe(0);
		},
	);
});

describe('if n8n has lost the static data', () => {
	it('only rides that ended after known executions start', async () => {
		const { built, ride } = await published();
		const old = await ride({ hoursAgo: 40 });
		// Its execution begins now.
		await ride({ hoursAgo: 30, deliver: true });
		time.passes(10 * HOUR);
		const missed = await ride({ hoursAgo: 2 });
		const trigger = await activated(restarted(built, { global: {} }));
		await trigger.pass();
		expect(trigger.rides()).toEqual([[missed]]);
		expect(trigger.rides().flat()).not.toContain(old);
	});

	it('and the table as well, no earlier ride starts', async () => {
		const { built, ride } = await published();
		await ride({ deliver: true });
		await ride();
		const again = restarted(built, {});
		notedKeys(again.workflow, again.node.id).length = 0;
		const trigger = await activated(again);
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});
});

it.each([null, '9999-12-31T00:00:00Z', '1995-01-01T00:00:00Z'])(
	'catching up starts a ride with an end of %s',
	async (end) => {
		const { built, ride, sandbox } = await published();
		const id = await ride();
		const change = { metadata: { end_time: end } };
		await sandbox.updateActivity(sandbox.users[0]!.user_id, id, change, { deliver: false });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.rides()).toEqual([[id]]);
	},
);

it.each([null, '9999-12-31T00:00:00Z', '2026-13-45T00:00:00Z'])(
	'catching up fetches the samples of a ride with a start of %s',
	async (start) => {
		const figures = ['best_power_60s_watts'];
		const { built, ride, sandbox } = await published({ figures });
		const id = await ride();
		const change = { metadata: { start_time: start } };
		await sandbox.updateActivity(sandbox.users[0]!.user_id, id, change, { deliver: false });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.rides()).toEqual([[id]]);
		expect(trigger.executions[0]![0]!.json.best_power_60s_watts).toBeGreaterThan(50);
	},
);

it('catching up starts no ride twice after the table has forgotten it', async () => {
	const { built, ride } = await published();
	const forgotten = await ride({ hoursAgo: 30, deliver: true });
	time.passes(10 * HOUR);
	fillTable(built);
	time.passes(10 * HOUR);
	const missed = await ride({ hoursAgo: 3 });
	const trigger = await activated(restarted(built));
	await trigger.pass();
	expect(trigger.rides()).toEqual([[missed]]);
	expect(trigger.rides().flat()).not.toContain(forgotten);
});

describe('a pass that cannot finish', () => {
	it('warns, and is retried after growing waits', async () => {
		const { built, ride, sandbox } = await published();
		const missed = await ride();
		sandbox.faults.add({ kind: 'status', status: 500 });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(await trigger.pass()).toBe(20 * MINUTE);
		expect(trigger.warnings[0]).toMatch(/could not ask Terra/);
		sandbox.faults.clear();
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(trigger.rides()).toEqual([[missed]]);
	});

	it('because n8n cannot store an execution starts the ride later', async () => {
		const { built, ride } = await published();
		const missed = await ride();
		let isDown = true;
		const trigger = await activated(built, {
			beforeStart: ([item]) => {
				if (isDown && item!.json.activity_key) throw new Error('database is down');
			},
		});
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(trigger.executions).toEqual([]);
		isDown = false;
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(trigger.rides()).toEqual([[missed]]);
	});

	it('because n8n does not answer blocks nothing else', async () => {
		const { built, ride, items } = await published();
		const missed = await ride();
		time.hurry(50);
		let isSilent = true;
		const trigger = await activated(built, {
			tellsFailures: false,
			beforeStart: () => {
				if (isSilent) throw new Error('database is down');
			},
		});
		expect(await trigger.pass()).toBe(10 * MINUTE);
		time.takeTime();
		isSilent = false;
		await trigger.pass();
		expect(trigger.rides()).toEqual([[missed]]);
		expect(items()).toEqual([]);
	});

	it('stops when the workflow is unpublished', async () => {
		const { built, ride } = await published();
		for (let count = 0; count < 3; count++) await ride({ hoursAgo: 10 - count });
		const trigger = await activated(built, {
			beforeStart: async ([item]) => {
				if (item!.json.activity_key) await trigger.close();
			},
		});
		time.wakeAll();
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(trigger.executions).toHaveLength(1);
		expect(trigger.warnings).toEqual([]);
	});
});

it('two active versions of a workflow share one pass', async () => {
	const { built, ride } = await published({}, { latencyMs: 50 });
	for (let count = 0; count < 5; count++) await ride({ hoursAgo: 10 - count });
	const one = await activated(built);
	const other = await activated(built);
	time.wakeAll();
	while (time.sleepers().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
	expect([...one.rides(), ...other.rides()]).toHaveLength(5);
	expect(one.counts.questions + other.counts.questions).toBe(1);
});

it('a pass leaves a ride to another process that has taken it in the meantime', async () => {
	const { built, ride, sandbox } = await published();
	const id = await ride();
	const trigger = await activated(built, {
		beforeStart: ([item]) => {
			if (!item!.json.activity_key) return;
			const { provider } = sandbox.users[0]!;
			const key = `record activity rider-1:${provider}:${id}`;
			notedKeys(built.workflow, built.node.id).push(...noted(key));
		},
	});
	await trigger.pass();
	expect(trigger.executions).toEqual([]);
	expect(trigger.counts.questions).toBe(2);
});

it('catching up warns when it had to start rides three times in a row', async () => {
	const { built, ride } = await published();
	const trigger = await activated(built);
	for (let pass = 1; pass <= 3; pass++) {
		expect(trigger.warnings).toEqual([]);
		await ride();
		time.passes(6 * HOUR);
		await trigger.pass();
	}
	expect(trigger.warnings).toEqual([expect.stringMatching(/the webhook missed.*Check Set-Up/)]);
});

it('a webhook that arrives while the same ride is being caught up on is an update', async () => {
	const { built, ride, sandbox, items } = await published({ emit: 'new' });
	const missed = await ride();
	const [user] = sandbox.users;
	const trigger = await activated(built, {
		beforeStart: async ([item]) => {
			if (item!.json.activity_key) {
				void sandbox.updateActivity(user!.user_id, missed, { metadata: { name: 'Late' } });
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		},
	});
	await trigger.pass();
	await sandbox.settled();
	expect(trigger.rides()).toEqual([[missed]]);
	expect(items()).toEqual([]);
});
