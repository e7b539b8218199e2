import type { INodeParameters } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport';
import { noted, notedKeys } from '../support/deduplication';
import { restarted } from '../support/n8nCore';
import { activated, DAY, fakeTime, fillTable, HOUR, MINUTE, published, time } from './passSupport';

fakeTime();

describe('what no webhook has brought', () => {
	it('comes once, a ride for each execution, oldest first, and says so', async () => {
		const { built, ride, items } = await published({ columns: 'full' });
		const delivered = await ride({ hoursAgo: 30, deliver: true });
		expect(items()).toHaveLength(1);
		const missed = [await ride({ hoursAgo: 20 }), await ride({ hoursAgo: 10 }), await ride()];

		const again = restarted(built);
		const trigger = await activated(again);
		// Rides that ended just before the start have ended for an hour by then.
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
		// The one execution that asked n8n's table which of the four there are.
		expect(trigger.counts.questions).toBe(1);
		expect(trigger.rides().flat()).not.toContain(delivered);
		await trigger.close();

		const oncemore = await activated(restarted(again));
		await oncemore.pass();
		expect(oncemore.executions).toEqual([]);
		expect(oncemore.warnings).toEqual([]);
	});

	it('asks n8n nothing while every ride is delivered', async () => {
		const { built, ride, requests } = await published();
		const trigger = await activated(built, { activation: 'activate' });
		await ride({ deliver: true });
		const before = requests();
		await trigger.pass();
		expect(requests()).toBe(before + 1);
		expect(trigger.counts.questions).toBe(0);
		expect(trigger.executions).toEqual([]);
	});

	it('comes after a week without publication', async () => {
		const { built, ride } = await published();
		time.passes(DAY);
		const missed = await ride({ hoursAgo: 40 });
		const trigger = await activated(built, { activation: 'activate' });
		await trigger.pass();
		expect(trigger.rides()).toEqual([[missed]]);
	});

	it('is a ride whose execution n8n accepted and then lost', async () => {
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
		'is known from the table alone where the process has heard of nothing: %j',
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

describe('catching up brings nothing', () => {
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

	it('that ended less than an hour ago: the webhook should win', async () => {
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

	it('that the filters do not let pass', async () => {
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

	it('of what other filters left out before they were changed', async () => {
		const { built, ride } = await published({ filters: { minDuration: 60 } });
		await ride();
		built.node.parameters.filters = { minDuration: 0 };
		const trigger = await activated(built, { activation: 'activate' });
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it.each([[{ catchUp: 'off' }], [{ options: { dropRepeated: false } }], [{ events: ['auth'] }]])(
		'with %j',
		async (parameters) => {
			const { built, ride, requests } = await published(parameters);
			await ride();
			await activated(built);
			expect(time.sleepers()).toEqual([]);
			expect(requests()).toBe(0);
		},
	);
});

describe('where n8n has lost the static data', () => {
	it('only what ended after executions that n8n remembers is brought', async () => {
		const { built, ride } = await published();
		const old = await ride({ hoursAgo: 40 });
		// Begins now.
		await ride({ hoursAgo: 30, deliver: true });
		time.passes(10 * HOUR);
		const missed = await ride({ hoursAgo: 2 });
		const trigger = await activated(restarted(built, { global: {} }));
		await trigger.pass();
		expect(trigger.rides()).toEqual([[missed]]);
		expect(trigger.rides().flat()).not.toContain(old);
	});

	it('and the table, too, nothing from before is brought', async () => {
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
	'brings a ride whose end is said to be %s',
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
	'brings the samples of a ride whose start is said to be %s',
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

it('brings nothing twice where the table has forgotten', async () => {
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

describe('a pass that cannot be finished', () => {
	it('warns, and is tried again soon, and later and later', async () => {
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

	it('because n8n does not store an execution, brings the ride later', async () => {
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

	it('because n8n is silent, holds up nobody', async () => {
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

	it('ends when the workflow is unpublished', async () => {
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

it('is done once by two versions that are active at the same time', async () => {
	const { built, ride } = await published({}, { latencyMs: 50 });
	for (let count = 0; count < 5; count++) await ride({ hoursAgo: 10 - count });
	const one = await activated(built);
	const other = await activated(built);
	time.wakeAll();
	while (time.sleepers().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
	expect([...one.rides(), ...other.rides()]).toHaveLength(5);
	expect(one.counts.questions + other.counts.questions).toBe(1);
});

it('leaves a ride to the delivery that another process has taken meanwhile', async () => {
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

it('warns when it had to bring rides three times in a row', async () => {
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

it('a webhook that comes with the same ride at the same time is an update of it', async () => {
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
