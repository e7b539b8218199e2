import { sampleEvents } from '../../sandbox';
import { runTerra } from '../support/n8nCore';
import { startTrigger, type Trigger } from '../support/terra';

const ride = sampleEvents().activity!;

let trigger: Trigger;
afterEach(async () => {
	expect(trigger.thrown).toEqual([]);
	await trigger.close();
});

/** What the editor shows once a delivery has arrived that starts nothing. */
const shown = () => trigger.failures as Array<{ message: string; description: string }>;

describe('while the editor listens', () => {
	it('a delivery that a filter leaves out ends the waiting, and says which', async () => {
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

	it('a delivery that is refused ends the waiting, and says why', async () => {
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

	it('what is no event is said not to be one', async () => {
		trigger = await startTrigger({}, { mode: 'manual' });
		expect(await trigger.send({}, { body: Buffer.from('{}') })).toMatchObject({ status: 400 });
		expect(shown()).toMatchObject([{ message: expect.stringContaining('not a Terra event') }]);
	});

	it('a ride that is wanted starts the workflow as ever', async () => {
		trigger = await startTrigger({}, { mode: 'manual' });
		expect(await trigger.send(ride)).toEqual({ status: 200, text: 'started' });
		expect(trigger.items()).toHaveLength(1);
		expect(shown()).toEqual([]);
	});
});

it('in production nothing is executed for what starts nothing', async () => {
	trigger = await startTrigger({ filters: { minDistance: 1_000 } });
	await trigger.send(ride);
	expect([...trigger.executions, ...shown()]).toEqual([]);
});

describe('Check Set-Up', () => {
	/** Who looks has the trigger's credential, whose ID is its own in n8n. */
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

	it('knows of no delivery before the first', async () => {
		await start();
		expect(await about(/^Deliveries/)).toMatchObject({
			result: 'Could not check',
			message: expect.stringMatching(/received none since \d{4}-\d\d-\d\d \d\d:\d\d UTC/),
		});
		expect(await about(/^Signing Secret/)).toMatchObject({ result: 'Could not check' });
	});

	it('knows that the signing secret is right once a delivery was accepted', async () => {
		await start();
		await trigger.send(ride);
		expect(await about(/^Signing Secret/)).toMatchObject({
			result: 'OK',
			message: expect.stringMatching(/^It matched the delivery of /),
		});
		expect(await about(/^Deliveries to “Test”/)).toMatchObject({ result: 'OK' });
	});

	it('takes no delivery that need not be signed for a proof', async () => {
		await start({ options: { verifySignature: false } });
		await trigger.send(ride);
		expect(await about(/^Deliveries to/)).toMatchObject({ result: 'OK' });
		expect(await about(/^Signing Secret/)).toMatchObject({ result: 'Could not check' });
	});

	it('tells what was left out and why, without a word about the ride', async () => {
		await start({ filters: { minDistance: 1_000 } });
		await trigger.send(ride);
		const line = await about(/^Deliveries to/);
		expect(line).toMatchObject({
			result: 'OK',
			message: expect.stringMatching(/left out came at .*: filtered: shorter than the minimum/),
		});
		expect(JSON.stringify(line)).not.toContain(String((ride.data as any)[0].metadata.name));
	});

	it('puts a wrong signing secret first', async () => {
		await start({}, { credential: { signingSecrets: 'wrong' } });
		await trigger.send(ride);
		expect(await about(/^Signing Secret/)).toMatchObject({
			result: 'To do',
			message: expect.stringMatching(/^It did not match the delivery of /),
			next: expect.stringContaining('Copy it again'),
		});
		expect(await about(/./)).toMatchObject({ result: 'To do' });
	});

	it('does not count a repetition as left out, nor what n8n could not store as accepted', async () => {
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
