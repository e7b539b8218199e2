import fc from 'fast-check';
import { clock } from '../../nodes/Terra/transport';
import { restarted } from '../support/n8nCore';
import { activated, DAY, fakeTime, HOUR, MINUTE, polling, published, time } from './passSupport';

fakeTime();

type World = Awaited<ReturnType<typeof published>>;

/** Adds an athlete with a ride that no webhook has delivered. */
async function rider({ sandbox, ride }: Pick<World, 'sandbox' | 'ride'>, name: string) {
	const user = sandbox.addUser({ provider: 'XERT', reference_id: name, historyDays: 0 });
	user.created_at = new Date(clock.now() - 30 * DAY).toISOString();
	return { user, id: await ride({ userId: user.user_id }) };
}

const sorted = (rides: Array<Array<string | undefined>>) => rides.flat().sort();

describe('one faulty athlete does not stop the others', () => {
	it('without an ID in the list of users', async () => {
		const world = await published();
		const { built, sandbox, ride } = world;
		const ids = [await ride(), (await rider(world, 'other')).id];
		const users = [{ provider: 'XERT', user_id: '' }, ...sandbox.users, { active: true }];
		const body = { data: { results: users, next: null, max_page: 1 } };
		sandbox.faults.add({ kind: 'status', status: 200, path: '/subscriptions', body });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(sorted(trigger.rides())).toEqual(ids.sort());
		const problem = "Terra's list has 2 user(s) without an ID, so nothing can be asked about them.";
		expect(trigger.warnings).toEqual([`Terra Trigger: ${problem}`]);
		expect(await trigger.setUpLine()).toMatchObject({
			result: 'Could not check',
			message: expect.stringContaining(`started 2. ${problem}`),
		});
	});

	it.each([
		['who has left in the meantime', { status: 404, body: { title: 'user not found' } }],
		['who is refused', { status: 401, body: { message: 'User token expired' } }],
		['whose provider refuses', { status: 424 }],
		['for whom Terra fails', { status: 500 }],
		['whose data has an unknown form', { status: 200, body: { hello: 'world' } }],
		[
			"whose data is another athlete's",
			{ status: 200, body: { user: { user_id: 'x' }, data: [] } },
		],
	])('%s', async (_, fault) => {
		const world = await published();
		const { built, sandbox, ride } = world;
		const odd = await rider(world, 'odd');
		const ids = [await ride(), (await rider(world, 'other')).id];
		sandbox.faults.add({ kind: 'status', userId: odd.user.user_id, path: '/activity', ...fault });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(sorted(trigger.rides())).toEqual(ids.sort());
		expect(trigger.warnings).toEqual([expect.stringMatching(/failed for 1 athlete/)]);
		expect(trigger.warnings.join()).not.toContain(odd.user.user_id);
		sandbox.faults.clear();
		await trigger.pass();
		expect(trigger.rides().at(-1)).toEqual([odd.id]);
	});

	it('whose provider Terra does not return', async () => {
		const world = await published();
		const { built, sandbox, ride } = world;
		const odd = await rider(world, 'odd');
		const ids = [await ride(), (await rider(world, 'other')).id];
		const users = sandbox.users.map((user) =>
			user === odd.user ? { ...user, provider: null, reference_id: undefined } : user,
		);
		sandbox.faults.add({ kind: 'status', status: 200, path: '/subscriptions', body: { users } });
		sandbox.faults.add({ kind: 'status', status: 403, path: '/userInfo' });
		const trigger = await activated(built);
		await trigger.pass();
		expect(sorted(trigger.rides())).toEqual(ids.sort());
		expect(trigger.warnings).toEqual([expect.stringMatching(/failed for 1 athlete/)]);
	});
});

it('a faulty record does not stop the others', async () => {
	const { built, sandbox, ride } = await published();
	const ids = [await ride(), await ride({ hoursAgo: 5 })];
	const [user] = sandbox.users;
	const data = ['odd', ...sandbox.activitiesOf(user!.user_id), 5, null, [{}]];
	sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body: { user, data } });
	const trigger = await activated(built);
	await trigger.pass();
	expect(sorted(trigger.rides())).toEqual(ids.sort());
	expect(trigger.warnings).toEqual([expect.stringMatching(/A record in Terra's answer cannot be/)]);
});

it('a ride that n8n cannot store does not stop those after it, and is tried again', async () => {
	const { built, ride } = await published();
	const poison = await ride({ hoursAgo: 9 });
	const others = [await ride({ hoursAgo: 8 }), await ride({ hoursAgo: 7 })];
	let tries = 0;
	const trigger = await activated(built, {
		beforeStart: ([item]) => {
			if (!String(item!.json.activity_key).endsWith(poison)) return;
			tries++;
			throw new Error('Invalid string length');
		},
	});
	expect(await trigger.pass()).toBe(10 * MINUTE);
	expect(trigger.rides()).toEqual(others.map((id) => [id]));
	expect(await trigger.pass()).toBe(20 * MINUTE);
	expect(tries).toBe(2);
	expect(trigger.executions).toHaveLength(2);
	expect(await trigger.setUpLine()).toMatchObject({
		result: 'To do',
		message: expect.stringMatching(/could not finish: n8n did not begin an execution/),
	});
});

it('many rides that n8n cannot store stop those after them for one pass only', async () => {
	const { built, ride } = await published();
	const poison = new Set<string>();
	for (let count = 0; count < 4; count++) poison.add(await ride({ hoursAgo: 20 - count }));
	const others = [await ride({ hoursAgo: 8 }), await ride({ hoursAgo: 7 })];
	const trigger = await activated(built, {
		beforeStart: ([item]) => {
			const id = String(item!.json.activity_key).split(':').at(-1)!;
			if (poison.has(id)) throw new Error('Invalid string length');
		},
	});
	for (let pass = 0; pass < 3; pass++) await trigger.pass();
	expect(trigger.rides()).toEqual(others.map((id) => [id]));
});

it('a type of data that Terra refuses does not stop the others', async () => {
	const { built, sandbox, ride } = await published({ events: ['daily', 'activity', 'sleep'] });
	const id = await ride();
	sandbox.faults.add({ kind: 'status', status: 500, path: '/daily' });
	sandbox.faults.add({ kind: 'status', status: 403, path: '/sleep' });
	const trigger = await activated(built);
	await trigger.pass();
	expect(trigger.rides().flat()).toContain(id);
});

describe('if Terra', () => {
	it('goes down during a pass, the pass ends soon; what was found is started, and the rest in a later pass', async () => {
		const world = await published();
		const { built, sandbox, ride, requests } = world;
		const first = await ride();
		for (let count = 0; count < 120; count++) {
			sandbox.addUser({ provider: 'XERT', reference_id: `rider-${count}`, historyDays: 0 });
		}
		const last = await rider(world, 'last');
		const [user] = sandbox.users;
		const when = ({ query }: { query: Record<string, string> }) => query.user_id !== user!.user_id;
		sandbox.faults.add({ kind: 'status', status: 503, path: '/activity', when });
		const trigger = await activated(built);
		const before = requests();
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(trigger.rides()).toEqual([[first]]);
		expect(requests() - before).toBeLessThan(60 * 6);
		expect(trigger.warnings[0]).toMatch(/could not ask Terra .* Terra cannot answer just now/);
		sandbox.faults.clear();
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(trigger.rides()).toEqual([[first], [last.id]]);
	});

	it('is slow for an hour, the search ends and what was found is started', async () => {
		const world = await published();
		const { built, sandbox, ride } = world;
		const first = await ride();
		for (let count = 0; count < 8; count++) {
			sandbox.addUser({ provider: 'XERT', reference_id: `rider-${count}`, historyDays: 0 });
		}
		const last = await rider(world, 'last');
		const trigger = await activated(built);
		const when = () => {
			time.passes(20 * MINUTE);
			return false;
		};
		sandbox.faults.add({ kind: 'status', path: '/activity', when });
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(trigger.rides()).toEqual([[first]]);
		expect(trigger.warnings[0]).toMatch(/took longer than an hour/);
		sandbox.faults.clear();
		await trigger.pass();
		expect(trigger.rides()).toEqual([[first], [last.id]]);
	});

	it('refuses the credential, Check Set-Up says so, and the schedule continues', async () => {
		const { built, sandbox, ride } = await published();
		const id = await ride();
		sandbox.faults.add({ kind: 'status', status: 401, path: '/subscriptions', times: 1 });
		const trigger = await activated(built);
		expect(await trigger.pass()).toBe(10 * MINUTE);
		expect(trigger.warnings).toEqual([
			expect.stringMatching(/Terra refused the credential. Check that the Developer ID/),
		]);
		expect(await trigger.setUpLine()).toMatchObject({
			result: 'To do',
			check: 'Requests by Terra Trigger in “Test”',
			message: expect.stringMatching(/could not finish: Terra refused the credential/),
			next: expect.stringMatching(/Check that the Developer ID.*It tries again/),
		});
		expect(await trigger.pass()).toBe(65 * MINUTE);
		expect(trigger.rides()).toEqual([[id]]);
		expect(await trigger.setUpLine()).toMatchObject({ result: 'OK' });
		await trigger.close();
		expect(await trigger.setUpLine()).toBeUndefined();
	});

	it('limits the rate, the pass waits, or the next one tries again', async () => {
		const { built, sandbox, ride } = await published();
		const id = await ride();
		const limit = { kind: 'status', status: 429, path: '/activity' } as const;
		sandbox.faults.add({ ...limit, times: 2 });
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.rides()).toEqual([[id]]);
		const later = await ride({ hoursAgo: 2 });
		sandbox.faults.add({ kind: '429r2', path: '/activity', retryAfterSeconds: 3_600 });
		expect(await trigger.pass()).toBe(10 * MINUTE);
		sandbox.faults.clear();
		await trigger.pass();
		expect(trigger.rides()).toEqual([[id], [later]]);
	});
});

describe("if n8n's clock", () => {
	it('is set back by hours, no ride starts twice, and the rest start once it is right again', async () => {
		const { built, ride } = await published();
		const ids = [await ride({ hoursAgo: 8 }), await ride({ hoursAgo: 2 })];
		const trigger = await activated(built);
		await trigger.pass();
		expect(trigger.rides()).toEqual(ids.map((id) => [id]));
		time.isWrong(-5 * HOUR);
		const late = await ride({ hoursAgo: 1.5 });
		await trigger.pass();
		expect(trigger.executions).toHaveLength(2);
		await trigger.close();
		const again = await activated(restarted(built));
		await again.pass();
		time.isWrong(0);
		await again.pass();
		expect(again.rides()).toEqual([[late]]);
	});

	it('is hours ahead, no ride starts twice', async () => {
		const { built, ride } = await published();
		const ids = [await ride({ hoursAgo: 8 }), await ride({ hoursAgo: 2 })];
		time.isWrong(5 * HOUR);
		const trigger = await activated(built);
		await trigger.pass();
		await trigger.close();
		time.isWrong(0);
		const again = await activated(restarted(built));
		await again.pass();
		expect([...trigger.rides(), ...again.rides()]).toEqual(ids.map((id) => [id]));
	});

	it('goes back in autumn, rides in the repeated hour start once', async () => {
		const change = Date.parse('2026-10-25T01:00:00Z');
		time.passes(change + 6 * HOUR - 5 * DAY - clock.now());
		const { built, sandbox, ride } = await published();
		built.workflow.settings.timezone = 'Europe/Berlin';
		const [user] = sandbox.users;
		const ids: string[] = [];
		for (const offset of ['+02:00', '+01:00', undefined]) {
			const id = await ride({ hoursAgo: 5 });
			const times = ['02:15:00', '02:45:00'].map((at) => `2026-10-25T${at}${offset ?? ''}`);
			const metadata = { start_time: times[0], end_time: times[1] };
			await sandbox.updateActivity(user!.user_id, id, { metadata }, { deliver: false });
			ids.push(id);
		}
		const trigger = await activated(built);
		for (let pass = 0; pass < 5; pass++) {
			await trigger.pass();
			time.passes(6 * HOUR);
		}
		expect(sorted(trigger.rides())).toEqual(ids.sort());
	});
});

describe('with a thousand athletes', () => {
	it('each is asked about once, a few at a time, and their rides start', async () => {
		const world = await published();
		const { built, sandbox, requests } = world;
		for (let count = 0; count < 1_000; count++) {
			sandbox.addUser({ provider: 'XERT', reference_id: `rider-${count}`, historyDays: 0 });
		}
		const ids = [(await rider(world, 'late')).id, (await rider(world, 'last')).id];
		const trigger = await activated(built);
		const before = requests();
		await trigger.pass();
		expect(requests() - before).toBe(sandbox.users.length);
		expect(sorted(trigger.rides())).toEqual(ids.sort());
		expect(trigger.warnings).toEqual([]);
	}, 120_000);
});

describe('whatever the damage', () => {
	/** Values that no field should have. */
	const odd = fc.oneof(
		fc.constantFrom(null, '', 0, -1, 1e300, 'x', [], {}, [null], '9999-99-99', true),
		fc.jsonValue({ maxDepth: 2 }),
	);
	const damage = fc.record({
		users: fc.array(fc.oneof(odd, fc.record({ user_id: odd, provider: odd })), { maxLength: 4 }),
		records: fc.array(
			fc.oneof(odd, fc.record({ metadata: odd, distance_data: odd, heart_rate_data: odd })),
			{ maxLength: 6 },
		),
		failing: fc.constantFrom(404, 424, 500, 200),
		emit: fc.constantFrom('all', 'new', 'settled'),
		isPolling: fc.boolean(),
	});

	it('each good ride of each good athlete starts once', async () => {
		await fc.assert(
			fc.asyncProperty(damage, async ({ users, records, failing, emit, isPolling }) => {
				const parameters = {
					columns: 'full',
					emit: isPolling && emit === 'settled' ? 'all' : emit,
				};
				const world = await (isPolling ? polling : published)(parameters);
				const { built, sandbox, ride } = world;
				const ids = [await ride(), (await rider(world, 'good')).id];
				const bad = await rider(world, 'bad');
				const [first] = sandbox.users;
				const list = [...users, ...sandbox.users, ...users];
				const body = { data: { results: list, next: null, max_page: 1 } };
				sandbox.faults.add({ kind: 'status', status: 200, path: '/subscriptions', body });
				sandbox.faults.add({
					kind: 'status',
					status: failing,
					path: '/activity',
					userId: bad.user.user_id,
					body: {},
				});
				const data = [...records, ...sandbox.activitiesOf(first!.user_id), ...records];
				sandbox.faults.add({
					kind: 'status',
					status: 200,
					path: '/activity',
					userId: first!.user_id,
					body: { user: first, data },
				});
				const trigger = await activated(built);
				for (let pass = 0; pass < 6; pass++) {
					await trigger.pass();
					time.passes(6 * MINUTE);
				}
				const rides = trigger.rides().flat();
				for (const id of ids) expect(rides.filter((one) => one === id)).toEqual([id]);
				await trigger.close();
			}),
			{ numRuns: 40 },
		);
	}, 120_000);
});
