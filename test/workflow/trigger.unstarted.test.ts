import { sampleEvents } from '../../sandbox';
import { runTerra } from '../support/n8nCore';
import { startTrigger, type Trigger } from '../support/terra';

const ride = sampleEvents().activity!;

let trigger: Trigger;
afterEach(async () => {
	expect(trigger.thrown).toEqual([]);
	await trigger.close();
});

/** The errors that the editor shows for a delivery that starts nothing. */
const shown = () => trigger.failures as Array<{ message: string; description: string }>;

describe('while the editor listens', () => {
	it('a delivery that a filter leaves out ends the waiting, and the editor says which', async () => {
		trigger = await startTrigger({ filters: { minDistance: 1_000 } }, { mode: 'manual' });
		const reason = 'filtered: shorter than the minimum distance';
		expect(await trigger.send(ride)).toEqual({ status: 200, text: reason });
		expect(trigger.executions).toEqual([]);
		expect(shown()).toMatchObject([
			{
				message: 'The delivery arrived and was left out: shorter than the minimum distance',
				description: expect.stringContaining(`200 ${reason}`),
			},
		]);
	});

	it('a delivery that is refused ends the waiting, and the editor says why', async () => {
		trigger = await startTrigger({}, { mode: 'manual', credential: { signingSecrets: 'wrong' } });
		expect(await trigger.send(ride)).toMatchObject({ status: 401 });
		expect(trigger.executions).toEqual([]);
		expect(shown()).toMatchObject([
			{
				message: 'The delivery was refused (401): The signature does not match',
				description: expect.stringContaining('another destination or environment'),
			},
		]);
	});

	it.each([
		['too old', {}, ride, 49, 'signed 49 hours ago'],
		['without data', {}, { ...ride, data: [] }, 0, 'activity without data'],
	])(
		'a delivery that is %s is no reason to change a field',
		async (_case, fields, event, hours, why) => {
			trigger = await startTrigger(fields, { mode: 'manual' });
			const timestampSeconds = Math.floor(Date.now() / 1000) - hours * 3_600;
			expect(await trigger.send(event, { timestampSeconds })).toMatchObject({ status: 200 });
			const [{ message, description }] = shown() as [{ message: string; description: string }];
			expect(message).toBe(`The delivery arrived and starts nothing: ${why}`);
			expect(description).not.toContain('field');
		},
	);

	it('a body that is not an event is reported as such', async () => {
		trigger = await startTrigger({}, { mode: 'manual' });
		expect(await trigger.send({}, { body: Buffer.from('{}') })).toMatchObject({ status: 400 });
		expect(shown()).toMatchObject([{ message: expect.stringContaining('not a Terra event') }]);
	});

	it('a wanted ride starts the workflow as usual', async () => {
		trigger = await startTrigger({}, { mode: 'manual' });
		expect(await trigger.send(ride)).toEqual({ status: 200, text: 'started' });
		expect(trigger.items()).toHaveLength(1);
		expect(shown()).toEqual([]);
	});
});

it('in production a delivery that starts nothing causes no execution', async () => {
	trigger = await startTrigger({ filters: { minDistance: 1_000 } });
	await trigger.send(ride);
	expect([...trigger.executions, ...shown()]).toEqual([]);
});

describe('Check Set-Up', () => {
	/** Runs as somebody who uses the trigger's credential, which n8n knows by its ID. */
	const about = async (check: RegExp) => {
		const { built, sandbox } = trigger;
		const items = await runTerra({
			credential: { ...built.credential!, baseUrl: sandbox.apiBase },
			parameters: { resource: 'account', operation: 'checkSetup' },
			credentialId: built.node.credentials!.terraApi!.id!,
		});
		return items.map(({ json }) => json).find((line) => check.test(String(line.check)));
	};
	const start = async (...setup: Parameters<typeof startTrigger>) => {
		trigger = await startTrigger(...setup);
	};

	it('reports that no delivery has arrived so far', async () => {
		await start();
		expect(await about(/^Deliveries/)).toMatchObject({
			result: 'Could not check',
			message: expect.stringMatching(/received none since \d{4}-\d\d-\d\d \d\d:\d\d UTC/),
		});
		expect(await about(/^Signing Secret/)).toMatchObject({ result: 'Could not check' });
	});

	it('reports the signing secret as right once a delivery was accepted', async () => {
		await start();
		await trigger.send(ride);
		expect(await about(/^Signing Secret/)).toMatchObject({
			result: 'OK',
			message: expect.stringMatching(/^It matched the delivery of /),
		});
		expect(await about(/^Deliveries to “Test”/)).toMatchObject({ result: 'OK' });
	});

	it('does not count a delivery as proof if signatures are not verified', async () => {
		await start({ options: { verifySignature: false } });
		await trigger.send(ride);
		expect(await about(/^Deliveries to/)).toMatchObject({ result: 'OK' });
		expect(await about(/^Signing Secret/)).toMatchObject({ result: 'Could not check' });
	});

	it('reports what was left out and why, without details of the ride', async () => {
		await start({ filters: { minDistance: 1_000 } });
		await trigger.send(ride);
		const line = await about(/^Deliveries to/);
		expect(line).toMatchObject({
			result: 'OK',
			message: expect.stringMatching(/left out came at .*: filtered: shorter than the minimum/),
		});
		expect(JSON.stringify(line)).not.toContain(String((ride.data as any)[0].metadata.name));
	});

	it('does not suggest other fields for a delivery that was too old', async () => {
		await start();
		const timestampSeconds = Math.floor(Date.now() / 1000) - 49 * 3_600;
		await trigger.send(ride, { timestampSeconds });
		const line = await about(/^Deliveries to/);
		expect(line!.message).toMatch(/dropped: signed 49 hours ago/);
		expect(String(line!.next ?? '')).not.toContain('fields');
	});

	it('lists a wrong signing secret first', async () => {
		await start({}, { credential: { signingSecrets: 'wrong' } });
		await trigger.send(ride);
		expect(await about(/^Signing Secret/)).toMatchObject({
			result: 'To do',
			message: expect.stringMatching(/^It did not match the delivery of /),
			next: expect.stringContaining('Copy it again'),
		});
		expect(await about(/./)).toMatchObject({ result: 'To do' });
	});

	it('counts neither a repetition as left out nor an unstored delivery as accepted', async () => {
		let fails = true;
		const beforeStart = () => {
			if (fails) throw new Error('The database is away');
		};
		await start({}, { beforeStart });
		await trigger.send(ride);
		trigger.thrown.splice(0);
		expect(await about(/^Deliveries/)).toMatchObject({ result: 'Could not check' });
		fails = false;
		await trigger.send(ride, { traceId: 'once' });
		await trigger.send(ride, { traceId: 'once' });
		expect((await about(/^Deliveries to/))!.message).not.toContain('left out');
	});
});
