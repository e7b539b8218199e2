import { clock } from '../../nodes/Terra/transport';
import { noted, notedKeys } from '../support/deduplication';
import { restarted, type TestWorkflow } from '../support/n8nCore';
import {
	activated,
	DAY,
	fakeTime,
	fillTable,
	HOUR,
	MINUTE,
	polling,
	published,
	time,
} from './passSupport';

fakeTime();

/** n8n's table is limited in size, so an older key may be missing although its execution has begun. */

const hourOf = (at: number) => `hour ${new Date(at).toISOString().slice(0, 13)}`;
const tableOf = ({ workflow, node }: TestWorkflow) => notedKeys(workflow, node.id);

/** To half past the hour. */
const toHalfPast = () => time.passes(HOUR - ((clock.now() - HOUR / 2) % HOUR));

describe("beyond what n8n's table can hold, a ride does not start twice", () => {
	it('if its hour is recorded again but the table has forgotten the beginning of that hour', async () => {
		toHalfPast();
		const { built, ride } = await published();
		await ride({ hoursAgo: 0.2, deliver: true });
		time.passes(5 * MINUTE);
		fillTable(built);
		time.passes(3 * HOUR);
		const trigger = await activated(restarted(built));
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('if the table has even forgotten the hour of the oldest key', async () => {
		const { built, ride } = await published();
		await ride({ hoursAgo: 30, deliver: true });
		fillTable(built);
		tableOf(built).splice(0, 2, 'other', 'another');
		time.passes(3 * HOUR);
		const trigger = await activated(restarted(built));
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
		expect((await trigger.setUpLine())!.message).toMatch(
			/left out 1 record\(s\) that ended before .*: n8n no longer knew whether they had run/,
		);
	});

	it('if a question that was cut short has recorded all hours', async () => {
		const { built, ride } = await published();
		await ride({ hoursAgo: 30, deliver: true });
		fillTable(built);
		for (let hour = 0; hour < 60; hour++) tableOf(built).push(hourOf(clock.now() - hour * HOUR));
		time.passes(3 * HOUR);
		const trigger = await activated(restarted(built));
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('if the clock was years behind when n8n started', async () => {
		const { built, ride } = await published();
		await ride({ hoursAgo: 30, deliver: true });
		fillTable(built);
		time.passes(10 * HOUR);
		time.isWrong(-10 * 365 * DAY);
		const trigger = await activated(restarted(built));
		time.isWrong(0);
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('if nothing was recorded for a while because repeated deliveries were wanted', async () => {
		const { built, ride } = await published();
		const republished = async (dropRepeated: boolean) => {
			built.node.parameters.options = { dropRepeated };
			await (await activated(built, { activation: 'activate' })).close();
		};
		await republished(false);
		await ride({ hoursAgo: 1, deliver: true });
		await republished(true);
		time.passes(3 * HOUR);
		const trigger = await activated(restarted(built));
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});

	it('if a polling trigger starts to emit updates, which are recorded differently', async () => {
		const { built, ride } = await polling({ emit: 'new' });
		await ride({ hoursAgo: 1 });
		const before = await activated(built);
		await before.pass();
		expect(before.executions).toHaveLength(1);
		await before.close();
		built.node.parameters.emit = 'all';
		const trigger = await activated(built, { activation: 'activate' });
		await trigger.pass();
		expect(trigger.executions).toEqual([]);
	});
});

it('a ride starts although a question that was cut short has recorded it', async () => {
	const { built, ride, sandbox } = await published();
	const id = await ride();
	const key = `record activity rider-1:${sandbox.users[0]!.provider}:${id}`;
	tableOf(built).push(key);
	const again = restarted(built);
	const trigger = await activated(again);
	await trigger.pass();
	expect(trigger.rides()).toEqual([[id]]);
	expect(tableOf(again)).toContain(`${key} begun`);
});

it('a ride that ended after n8n was off for weeks starts, with a full table', async () => {
	const { built, ride } = await published();
	await ride({ hoursAgo: 30, deliver: true });
	fillTable(built);
	tableOf(built).splice(10, 2, ...noted(`day ${new Date(clock.now()).toISOString().slice(0, 10)}`));
	time.passes(21 * DAY);
	const missed = await ride({ hoursAgo: 30 });
	const trigger = await activated(restarted(built));
	await trigger.pass();
	expect(trigger.rides()).toEqual([[missed]]);
});

it('a pass says how far back it looked if n8n may have forgotten the rest', async () => {
	const { built, ride } = await published();
	await ride({ hoursAgo: 30, deliver: true });
	await ride({ hoursAgo: 29 });
	fillTable(built);
	const full = clock.now();
	time.passes(10 * HOUR);
	const missed = await ride();
	const trigger = await activated(restarted(built));
	await trigger.pass();
	expect(trigger.rides()).toEqual([[missed]]);
	const since = new Date(Math.floor(full / HOUR + 1) * HOUR).toISOString();
	const message = `it left out 2 record(s) that ended before ${since.slice(0, 16).replace('T', ' ')} UTC: n8n no longer knew whether they had run.`;
	expect(trigger.infos.join()).toContain(message);
	expect(trigger.warnings).toEqual([]);
	expect(await trigger.setUpLine()).toMatchObject({
		result: 'Could not check',
		message: expect.stringContaining(message),
		next: expect.stringContaining('Get Many'),
	});
	time.passes(HOUR);
	await trigger.pass();
	expect(await trigger.setUpLine()).toMatchObject({
		result: 'Could not check',
		message: expect.stringMatching(/started 0\. At .* no longer knew/),
	});
});

it('a process remembers what it has seen itself, whatever the table has forgotten', async () => {
	const { built, ride } = await published();
	const again = restarted(built);
	const trigger = await activated(again);
	await trigger.pass();
	time.passes(2 * HOUR);
	const missed = await ride({ hoursAgo: 1.5 });
	fillTable(again);
	time.passes(4 * HOUR);
	await trigger.pass();
	expect(trigger.rides()).toEqual([[missed]]);
	expect(trigger.infos.join()).not.toMatch(/no longer knew/);
});

it('a process does not assume what other processes have run', async () => {
	const { built, ride } = await published();
	const trigger = await activated(built, {
		beforeStart: ([item]) => {
			const { terraQuestion: question } = item as unknown as { terraQuestion?: object };
			if (question) Object.assign(question, { asker: 'another process' });
		},
	});
	await trigger.pass();
	time.passes(2 * HOUR);
	await ride({ hoursAgo: 1.5 });
	fillTable(built);
	time.passes(4 * HOUR);
	await trigger.pass();
	expect(trigger.executions).toEqual([]);
	expect(trigger.infos.join()).toMatch(/left out 1 record\(s\) .* no longer knew/);
});

it('more rides than the table can hold all start once, although they push out older keys', async () => {
	const { built, manyRides } = await published();
	fillTable(built);
	time.passes(3 * DAY);
	const missed = await manyRides(2_300, { hoursAgo: 2 });
	const trigger = await activated(restarted(built));
	await trigger.pass();
	expect(trigger.executions).toHaveLength(2_300);
	expect(trigger.rides().flat()).toEqual(missed);
	expect(trigger.warnings).toEqual([]);
}, 120_000);
