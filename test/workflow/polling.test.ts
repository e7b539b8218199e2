import type { NodeOperationError } from 'n8n-workflow';
import { executeTerra, restarted } from '../support/n8nCore';
import {
	activated,
	CONNECTED_TWICE,
	DAY,
	fakeTime,
	HOUR,
	MINUTE,
	polling,
	published,
	time,
} from './passSupport';

fakeTime();

describe('the polling trigger', () => {
	it('starts the workflow once for each new ride, within minutes', async () => {
		const { built, ride } = await polling({ columns: 'full', minutes: 5 });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(5 * MINUTE);
		const first = await ride({ hoursAgo: 0 });
		const second = await ride({ hoursAgo: 0 });
		await trigger.pass();
		expect(trigger.rides()).toEqual([[first], [second]]);
		expect(trigger.executions[0]![0]!.json).toMatchObject({
			source: 'polling',
			status: 'new',
			reference_id: 'rider-1',
		});
		await trigger.pass();
		await trigger.pass();
		expect(trigger.executions).toHaveLength(2);
		await trigger.close();

		const again = await activated(restarted(built));
		await again.pass();
		expect(again.executions).toEqual([]);
		expect(again.counts.questions).toBe(1);
	});

	it('starts it for each version of a ride, marked as updated, also after a restart', async () => {
		const { built, ride, sandbox } = await polling({ columns: 'full' });
		const trigger = await activated(built);
		const id = await ride({ hoursAgo: 0 });
		const [user] = sandbox.users;
		const rename = async (name: string) =>
			await sandbox.updateActivity(user!.user_id, id, { metadata: { name } }, { deliver: false });
		const names = (active: typeof trigger) =>
			active.executions.flat().map(({ json }) => [json.status, json.name]);
		await trigger.pass();
		await rename('Second');
		await trigger.pass();
		await trigger.pass();
		expect(names(trigger)).toEqual([
			['new', expect.any(String)],
			['updated', 'Second'],
		]);
		await rename('Third');
		await trigger.close();
		const again = await activated(restarted(built));
		await again.pass();
		await again.pass();
		expect(names(again)).toEqual([['updated', 'Third']]);
	});

	it('starts it only for the first version with New Only', async () => {
		const { built, ride, sandbox } = await polling({ emit: 'new' });
		const trigger = await activated(built);
		const id = await ride({ hoursAgo: 0 });
		await trigger.pass();
		await sandbox.updateActivity(sandbox.users[0]!.user_id, id, undefined, { deliver: false });
		await trigger.pass();
		expect(trigger.rides()).toEqual([[id]]);
	});

	it('attaches files and computes figures from samples that it fetches', async () => {
		const { built, ride } = await polling({
			columns: 'full',
			figures: ['best_power_60s_watts'],
			options: { attachFile: 'csv' },
		});
		await ride({ hoursAgo: 0 });
		const trigger = await activated(built);
		await trigger.pass();
		const [shown] = await executeTerra(built);
		for (const item of [trigger.executions[0]![0]!, shown!]) {
			expect(item.json.best_power_60s_watts).toBeGreaterThan(100);
			expect(item.json.file_name).toMatch(/\.csv$/);
			expect(item.binary!.data!.fileName).toBe(item.json.file_name);
		}
	});

	it('ignores rides from before it was published', async () => {
		const { built, ride } = await polling();
		await ride({ hoursAgo: 5 * 24 + 1 });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('continues after Terra refuses, and says so', async () => {
		const { built, ride, sandbox } = await polling();
		const id = await ride();
		sandbox.faults.add({ kind: 'status', status: 401 });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(trigger.warnings).toEqual([
			expect.stringMatching(/Terra Polling Trigger could not ask Terra/),
		]);
		sandbox.faults.clear();
		expect(await trigger.pass()).toBe(15 * MINUTE);
		expect(trigger.rides()).toEqual([[id]]);
	});

	it('ignores types of data that no athlete has, unless nobody has any of them', async () => {
		const events = ['activity', 'body', 'daily', 'menstruation', 'nutrition', 'sleep'];
		const { built, ride } = await polling({ events, minutes: 5 });
		const trigger = await activated(built);
		const id = await ride({ hoursAgo: 0 });
		expect(await trigger.pass()).toBe(5 * MINUTE);
		expect(trigger.rides()).toEqual([[id]]);
		expect(trigger.warnings).toEqual([]);
		await trigger.close();

		const { built: other } = await polling({ events: ['body', 'sleep'], minutes: 5 });
		const useless = await activated(other);
		await useless.pass();
		expect(useless.warnings).toEqual([expect.stringContaining('This connection has no body data')]);
	});

	it('cannot be published with an invalid field', async () => {
		const { built } = await polling();
		built.node.parameters.minutes = 1;
		const error = (await activated(built).catch((refusal) => refusal)) as NodeOperationError;
		expect(error.message).toBe("'Ask Every (Minutes)' must be a whole number between 5 and 1,440");
	});

	it('returns the latest ride in a manual test', async () => {
		const { built, ride } = await polling({ columns: 'full' });
		await ride({ hoursAgo: 30 });
		const id = await ride({ hoursAgo: 10 });
		const [item, ...others] = await executeTerra(built);
		expect(others).toEqual([]);
		expect(item!.json).toMatchObject({ summary_id: id, source: 'polling', status: 'new' });
	});

	it('says in a manual test what to do if there is nothing', async () => {
		const { built } = await polling({ filters: { minDuration: 10_000 } });
		const error = (await executeTerra(built).catch((refusal) => refusal)) as NodeOperationError;
		expect(error.message).toMatch(/nothing from the last four weeks/);
		expect(error.description).toMatch(/'Provider' or 'Filters'/);
	});
});

describe('New, Once Settled', () => {
	const SETTLED = { emit: 'settled', columns: 'full' };

	it('starts once for each ride, with its final numbers, however often it changed', async () => {
		const { built, ride, sandbox, items } = await published(SETTLED);
		const trigger = await activated(built);
		await trigger.pass();
		const id = await ride({ hoursAgo: 0, deliver: true });
		for (let update = 1; update <= 5; update++) {
			await sandbox.updateActivity(sandbox.users[0]!.user_id, id, {
				metadata: { name: `Version ${update}` },
			});
			time.passes(5 * MINUTE);
			expect(await trigger.pass()).toBe(5 * MINUTE);
			expect(trigger.executions).toEqual([]);
		}
		await sandbox.settled();
		expect(sandbox.ledger.at(-1)!.attempts[0]!.responseBody).toMatch(/noted: .*15 minutes/);
		for (let pass = 0; pass < 5; pass++) {
			time.passes(5 * MINUTE);
			await trigger.pass();
		}
		expect(trigger.rides()).toEqual([[id]]);
		expect(trigger.executions[0]![0]!.json).toMatchObject({
			name: 'Version 5',
			status: 'new',
			source: 'settled',
		});
		expect(items()).toEqual([]);
	});

	it('survives a restart', async () => {
		const { built, ride } = await published(SETTLED);
		const id = await ride({ hoursAgo: 0, deliver: true });
		const before = await activated(built);
		await before.pass();
		await before.close();
		const trigger = await activated(restarted(built));
		for (let pass = 0; pass < 5; pass++) {
			await trigger.pass();
			time.passes(5 * MINUTE);
		}
		expect(trigger.rides()).toEqual([[id]]);
	});

	it('starts for a ride that the webhook missed', async () => {
		const { built, ride } = await published({ ...SETTLED, settleMinutes: 30 });
		const id = await ride({ hoursAgo: 4 });
		const trigger = await activated(built);
		for (let pass = 0; pass < 8; pass++) {
			await trigger.pass();
			time.passes(5 * MINUTE);
		}
		expect(trigger.rides()).toEqual([[id]]);
	});

	it('asks only about athletes of whom Terra has sent something, until it asks about all', async () => {
		const { built, requests } = await published(SETTLED);
		const trigger = await activated(built);
		await trigger.pass();
		time.passes(2 * DAY);
		await trigger.pass();
		const before = requests();
		time.passes(5 * MINUTE);
		await trigger.pass();
		expect(requests()).toBe(before);
		time.passes(6 * HOUR);
		await trigger.pass();
		expect(requests()).toBe(before + 1);
	});

	it('emits other events at once', async () => {
		const { send, items } = await published({ ...SETTLED, events: ['*'] });
		expect(await send({ type: 'auth', status: 'success', user: { user_id: 'a' } })).toMatchObject({
			text: 'started',
		});
		expect(items()).toHaveLength(1);
	});
});

describe('a ride that both connections of a person have', () => {
	const passes = async (
		{ built }: Awaited<ReturnType<typeof polling>>,
		count: number,
		apart: number,
	) => {
		const trigger = await activated(built);
		for (let pass = 0; pass < count; pass++) {
			await trigger.pass();
			time.passes(apart);
		}
		return trigger;
	};

	it('is polled once, and once more for another version of it', async () => {
		const node = await polling({ columns: 'full' }, CONNECTED_TWICE);
		const same = await node.rideOfBoth();
		const trigger = await passes(node, 3, 15 * MINUTE);
		expect(trigger.rides()).toEqual([[same]]);
		const other = await node.rideOfBoth('Other');
		for (let pass = 0; pass < 3; pass++) await trigger.pass();
		expect(trigger.rides().slice(1)).toEqual([[other], [other]]);
		expect(trigger.executions.slice(1).map(([item]) => item!.json.status)).toEqual([
			'new',
			'updated',
		]);
	});

	it.each(['all', 'settled'])('is caught up on once (%s)', async (emit) => {
		const node = await published({ columns: 'full', emit }, CONNECTED_TWICE);
		const ids = [await node.rideOfBoth(), await node.rideOfBoth('Other')];
		const trigger = await passes(node, 6, 5 * MINUTE);
		expect(trigger.rides().flat().sort()).toEqual([...ids].sort());
	});
});
