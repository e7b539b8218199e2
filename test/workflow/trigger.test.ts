import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sampleEvents } from '../../sandbox';
import { startTrigger, type Trigger } from '../support/terra';
import { keyOf } from '../support/keyOf';

const events = sampleEvents();
const ride = events.activity!;
const rideKey = keyOf(ride.user!, (ride.data as any)[0].metadata.summary_id);

let trigger: Trigger;
afterEach(async () => {
	// In every test: no exception may leave webhook().
	expect(trigger.thrown).toEqual([]);
	await trigger.close();
});

/** Posts bytes signed with the sandbox's secret, in ways that Terra does not. */
async function post(
	body: string | Uint8Array,
	headers: Record<string, string> = { 'content-type': 'application/json' },
	{ signed = body, sign = true }: { signed?: string | Uint8Array; sign?: boolean } = {},
) {
	const t = Math.floor(Date.now() / 1000);
	const digest = createHmac('sha256', trigger.sandbox.signingSecret)
		.update(`${t}.`)
		.update(signed)
		.digest('hex');
	const response = await fetch(trigger.url, {
		method: 'POST',
		body: body as BodyInit,
		headers: { ...headers, ...(sign && { 'x-terra-signature': `t=${t},v1=${digest}` }) },
	});
	return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('a ride', () => {
	it('starts the workflow with one row when it is finished', async () => {
		trigger = await startTrigger();
		trigger.sandbox.setDestination(trigger.url);
		const { activity } = await trigger.sandbox.finishRide();
		await trigger.sandbox.settled();

		expect(trigger.sandbox.ledger[0]).toMatchObject({ outcome: 'accepted' });
		expect(trigger.sandbox.ledger[0]!.attempts).toMatchObject([
			{ status: 200, responseBody: 'started' },
		]);
		const [user] = trigger.sandbox.users;
		expect(trigger.items()).toMatchObject([
			{
				activity_key: keyOf(user!, activity.metadata.summary_id),
				status: 'new',
				reference_id: user!.reference_id,
				local_date: activity.metadata.start_time.slice(0, 10),
				name: activity.metadata.name,
			},
		]);
	});

	it('is emitted as Terra sent it with Simplify off', async () => {
		trigger = await startTrigger({ simplify: false });
		await trigger.send(ride, {
			traceId: 'trace-1',
			reference: 'ref-1',
			orderingTimestamp: 1795254073512,
		});
		expect(trigger.items()).toEqual([
			{
				type: 'activity',
				activity_key: rideKey,
				status: 'new',
				user: ride.user,
				data: (ride.data as unknown[])[0],
				version: ride.version,
				delivery: {
					trace_id: 'trace-1',
					terra_reference: 'ref-1',
					ordering_timestamp: 1795254073512,
				},
				source: 'webhook',
			},
		]);
	});

	it('has details of the delivery in a full row', async () => {
		trigger = await startTrigger({ columns: 'full' });
		await trigger.send(ride, {
			traceId: 'trace-1',
			reference: 'ref-1',
			orderingTimestamp: 1795254073512,
		});
		expect(trigger.items()[0]).toMatchObject({
			event_type: 'activity',
			trace_id: 'trace-1',
			terra_reference: 'ref-1',
			ordering_timestamp: 1795254073512,
			source: 'webhook',
		});
	});

	it('has computed figures if the delivery has samples, and empty ones otherwise', async () => {
		trigger = await startTrigger({ figures: ['best_power_5s_watts', 'power_zones'] });
		const power_samples = Array.from({ length: 60 }, (_, second) => ({
			timestamp: `2026-11-21T09:00:${String(second).padStart(2, '0')}+01:00`,
			watts: 200 + second,
		}));
		const [record] = ride.data as object[];
		await trigger.send({ ...ride, data: [{ ...record, power_data: { power_samples } }] });
		await trigger.send({ ...ride, data: [{ metadata: { summary_id: 'ride-without' } }] });
		expect(trigger.items()).toMatchObject([
			{ best_power_5s_watts: 257, power_zone_1_seconds: expect.any(Number) },
			{ best_power_5s_watts: null, power_zone_1_seconds: null },
		]);
	});

	it('gives one item for each record', async () => {
		const both = { ...ride, data: [1, 2].map((n) => ({ metadata: { summary_id: `ride-${n}` } })) };
		trigger = await startTrigger();
		await trigger.send(both);
		expect(trigger.items().map(({ activity_key }) => activity_key)).toEqual([
			keyOf(ride.user!, 'ride-1'),
			keyOf(ride.user!, 'ride-2'),
		]);
	});
});

describe('a delivery is refused with 401 and starts nothing when', () => {
	const forms: Array<[string, Parameters<Trigger['send']>[1], RegExp]> = [
		['it is unsigned', { signature: null }, /header is missing/],
		['its header is empty', { signature: '' }, /header is missing/],
		['its header has another form', { signature: 'sha256=abc' }, /not of the form/],
		['another secret signed it', { secret: 'wrong' }, /does not match.*Signing Secret/],
		['it is a forgery', { signature: `t=1795254074,v1=${'0'.repeat(64)}` }, /does not match/],
	];
	it.each(forms)('%s', async (_case, how, reason) => {
		trigger = await startTrigger();
		const { status, text } = await trigger.send(ride, how);
		expect(status).toBe(401);
		expect(text).toMatch(reason);
		expect(text).not.toContain(trigger.sandbox.signingSecret);
		expect(trigger.executions).toEqual([]);
	});

	it('its body was altered', async () => {
		trigger = await startTrigger();
		const body = JSON.stringify(ride);
		const answer = await post(body.replace('XERT', 'XERU'), undefined, { signed: body });
		expect(answer.status).toBe(401);
		expect(trigger.executions).toEqual([]);
	});

	it('the credential has no secret', async () => {
		trigger = await startTrigger({}, { credential: { signingSecrets: '' } });
		expect(await trigger.send(ride)).toMatchObject({
			status: 401,
			text: expect.stringContaining('No Signing Secret is set'),
		});
	});

	it('it is a form, whose bytes n8n does not keep', async () => {
		trigger = await startTrigger();
		const form = new FormData();
		form.set('type', 'activity');
		const response = await fetch(trigger.url, {
			method: 'POST',
			body: form,
			headers: { 'x-terra-signature': `t=1,v1=${'0'.repeat(64)}` },
		});
		expect(response.status).toBe(401);
	});
});

describe('a delivery is accepted', () => {
	it('with only the older signature header', async () => {
		trigger = await startTrigger();
		const answer = await trigger.send(ride, { headers: { 'x-terra-signature': null } });
		expect(answer).toEqual({ status: 200, text: 'started' });
	});

	it('signed with any of the secrets in the credential', async () => {
		trigger = await startTrigger({}, { credential: { signingSecrets: 'first,second' } });
		expect(await trigger.send(ride, { secret: 'second' })).toMatchObject({ status: 200 });
		expect(await trigger.send(ride, { secret: 'third' })).toMatchObject({ status: 401 });
	});

	it.each(['text/plain', 'application/octet-stream', 'application/x+json', ''])(
		'with the content type "%s"',
		async (contentType) => {
			trigger = await startTrigger();
			const headers: Record<string, string> = contentType ? { 'content-type': contentType } : {};
			const body = new TextEncoder().encode(JSON.stringify(ride));
			expect(await post(body, headers)).toMatchObject({ status: 200, text: 'started' });
			expect(trigger.items()).toHaveLength(1);
		},
	);

	it('compressed, with a signature over the compressed bytes', async () => {
		trigger = await startTrigger();
		const body = JSON.stringify(ride);
		const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
		const answer = await post(gzipSync(body), headers, { signed: body });
		expect(answer).toMatchObject({ status: 200, text: 'started' });
	});

	it('with characters of any script', async () => {
		trigger = await startTrigger({ simplify: false });
		const data = [{ metadata: { summary_id: 'ü', name: '雨の日 🚴 Österreich\u2028' } }];
		expect(await trigger.send({ ...ride, data })).toMatchObject({ status: 200 });
		expect(trigger.items()[0]!.data).toEqual(data[0]);
	});

	it('of 15 MB', async () => {
		trigger = await startTrigger();
		const notes = 'x'.repeat(15 * 1024 * 1024);
		const data = [{ metadata: { summary_id: 'long' }, notes }];
		expect(await trigger.send({ ...ride, data })).toEqual({ status: 200, text: 'started' });
	});

	it('without a signature if verification is switched off', async () => {
		trigger = await startTrigger({ options: { verifySignature: false } });
		expect(await trigger.send(ride, { signature: null })).toMatchObject({ status: 200 });
		expect(trigger.items()).toHaveLength(1);
	});
});

describe('a signed body that is not an event is answered 400', () => {
	it.each([
		'',
		'{}',
		'[]',
		'null',
		'"activity"',
		'{"type":7}',
		'{"type":""}',
		'[{"type":"activity"}]',
	])('%s', async (body) => {
		trigger = await startTrigger();
		const answer = await post(body, { 'content-type': 'text/plain' });
		expect(answer).toMatchObject({
			status: 400,
			text: expect.stringContaining('not a Terra event'),
		});
		expect(trigger.executions).toEqual([]);
	});

	it('text that is not JSON', async () => {
		trigger = await startTrigger();
		expect(await post('{"type":', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
	});
});

describe('the age of a delivery', () => {
	const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3600;

	it('may be up to a day, as long as Terra repeats it', async () => {
		trigger = await startTrigger();
		const answer = await trigger.send(ride, { timestampSeconds: hoursAgo(30) });
		expect(answer).toEqual({ status: 200, text: 'started' });
	});

	it('beyond that gets a 200, so that Terra does not send it again', async () => {
		trigger = await startTrigger();
		const answer = await trigger.send(ride, { timestampSeconds: hoursAgo(49) });
		expect(answer).toEqual({ status: 200, text: 'dropped: signed 49 hours ago' });
		expect(trigger.executions).toEqual([]);
	});

	it('may be in milliseconds, and a forged old delivery still gets a 401', async () => {
		trigger = await startTrigger();
		const answer = await trigger.send(ride, { timestampSeconds: Date.now() - 49 * 3_600_000 });
		expect(answer.text).toBe('dropped: signed 49 hours ago');
		expect(await trigger.send(ride, { timestampSeconds: 1, secret: 'wrong' })).toMatchObject({
			status: 401,
		});
	});
});

describe('events', () => {
	it.each(Object.entries(events).filter(([name]) => !name.startsWith('s3')))(
		'%s passes under Any Event with its details in the item',
		async (name, event) => {
			trigger = await startTrigger({
				events: ['*'],
				providers: { __rl: true, mode: 'name', value: '*' },
			});
			const { status, text } = await trigger.send(event, {
				traceId: 'trace-1',
				orderingTimestamp: 5,
			});
			expect(status).toBe(200);
			if (name === 'activity_empty') {
				expect(text).toBe('ignored: activity without data');
				return;
			}
			expect(text).toBe('started');
			for (const item of trigger.items()) {
				for (const value of Object.values(item)) expect(value).not.toBeInstanceOf(Object);
			}
			await trigger.close();

			trigger = await startTrigger({
				events: ['*'],
				providers: { __rl: true, mode: 'name', value: '*' },
				simplify: false,
			});
			await trigger.send(event, { traceId: 'trace-1', orderingTimestamp: 5 });
			expect(trigger.items()[0]).toMatchObject({
				delivery: { trace_id: 'trace-1', ordering_timestamp: 5 },
			});
		},
	);

	it('a reconnected athlete has the old ID and the new one', async () => {
		trigger = await startTrigger({ events: ['user_reauth'] });
		await trigger.send(events.user_reauth!);
		const { new_user, old_user } = events.user_reauth as any;
		expect(trigger.items()).toMatchObject([
			{ event_type: 'user_reauth', user_id: new_user.user_id, old_user_id: old_user.user_id },
		]);
	});

	it('an athlete event gives an item of its own', async () => {
		trigger = await startTrigger({ events: ['athlete'], simplify: false });
		await trigger.send(events.athlete!);
		expect(trigger.items()).toMatchObject([{ type: 'athlete', data: events.athlete!.athlete }]);
	});

	it('an event that was not chosen is answered 200 with the reason', async () => {
		trigger = await startTrigger({ events: ['activity'] });
		expect(await trigger.send(events.sleep!)).toEqual({
			status: 200,
			text: "filtered: sleep is not in 'Trigger On'",
		});
		expect(await trigger.send({ ...ride, user: { ...ride.user, provider: 'GARMIN' } })).toEqual({
			status: 200,
			text: 'filtered: provider GARMIN',
		});
		expect(trigger.executions).toEqual([]);
	});

	it('several providers can be chosen', async () => {
		trigger = await startTrigger({
			providers: { __rl: true, mode: 'name', value: 'garmin, xert' },
		});
		await trigger.send(ride);
		await trigger.send({ ...ride, user: { ...ride.user, provider: 'Garmin' } });
		await trigger.send({ ...ride, user: { ...ride.user, provider: 'OURA' } });
		expect(trigger.executions).toHaveLength(2);
	});
});

describe('a delivery', () => {
	/** A later version of the same ride, with other bytes. */
	const version = (n: number) => ({ ...ride, version: `version ${n}` });

	it('replayed under another trace ID starts nothing', async () => {
		trigger = await startTrigger();
		const at = { timestampSeconds: Math.floor(Date.now() / 1000) };
		await trigger.send(ride, { ...at, traceId: 'trace-1' });
		expect(await trigger.send(ride, { ...at, traceId: 'trace-2' })).toMatchObject({
			text: 'repeated',
		});
	});

	it('repeated by Terra is answered 200 and starts nothing', async () => {
		trigger = await startTrigger();
		await trigger.send(ride, { traceId: 'trace-1' });
		expect(await trigger.send(ride, { traceId: 'trace-1' })).toEqual({
			status: 200,
			text: 'repeated',
		});
		expect(trigger.executions).toHaveLength(1);
	});

	it('resent by hand from the dashboard starts nothing', async () => {
		trigger = await startTrigger();
		trigger.sandbox.setDestination(trigger.url);
		await trigger.sandbox.finishRide();
		await trigger.sandbox.settled();
		await trigger.sandbox.resend(trigger.sandbox.ledger[0]!.traceId);
		expect(trigger.sandbox.ledger.at(-1)!.attempts.at(-1)).toMatchObject({
			responseBody: 'repeated',
		});
		expect(trigger.executions).toHaveLength(1);
	});

	it('in twenty simultaneous copies starts one execution', async () => {
		trigger = await startTrigger(
			{},
			{ beforeStart: async () => await new Promise((done) => setTimeout(done, 50)) },
		);
		const copies = await Promise.all(
			Array.from({ length: 20 }, async () => await trigger.send(ride, { traceId: 'trace-1' })),
		);
		expect(copies.map(({ status }) => status)).toEqual(Array(20).fill(200));
		expect(trigger.executions).toHaveLength(1);
	});

	it('that n8n failed to store is accepted when repeated', async () => {
		let failures = 1;
		trigger = await startTrigger(
			{},
			{
				beforeStart: () => {
					if (failures-- > 0) throw new Error('The database is away');
				},
			},
		);
		expect(await trigger.send(ride, { traceId: 'trace-1' })).toMatchObject({ status: 500 });
		expect(await trigger.send(ride, { traceId: 'trace-1' })).toEqual({
			status: 200,
			text: 'started',
		});
		expect(trigger.executions).toHaveLength(1);
		trigger.thrown.length = 0;
	});

	it('that n8n failed to store while copies wait is replaced by one of them', async () => {
		let failures = 1;
		trigger = await startTrigger(
			{},
			{
				beforeStart: async () => {
					await new Promise((done) => setTimeout(done, 50));
					if (failures-- > 0) throw new Error('The database is away');
				},
			},
		);
		const copies = await Promise.all(
			Array.from({ length: 5 }, async () => await trigger.send(ride, { traceId: 'trace-1' })),
		);
		expect(copies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 500]);
		expect(trigger.executions).toHaveLength(1);
		trigger.thrown.length = 0;
	});

	it('is accepted for each chunk of one large request', async () => {
		trigger = await startTrigger();
		for (const chunk of [0, 1, 2]) {
			const data = [{ metadata: { summary_id: `ride-${chunk}` } }];
			await trigger.send({ ...ride, data }, { traceId: `trace:chunk:${chunk}`, reference: 'ref' });
		}
		expect(trigger.executions).toHaveLength(3);
	});

	it('with an update is marked, or left out if so chosen', async () => {
		const [first, second] = [1_795_254_073_000, 1_795_254_074_000];
		trigger = await startTrigger();
		await trigger.send(version(1), { orderingTimestamp: first });
		await trigger.send(version(2), { orderingTimestamp: second });
		expect(trigger.items().map(({ status }) => status)).toEqual(['new', 'updated']);
		await trigger.close();

		trigger = await startTrigger({ emit: 'new' });
		await trigger.send(version(1), { orderingTimestamp: first });
		expect(await trigger.send(version(2), { orderingTimestamp: second })).toMatchObject({
			status: 200,
			text: expect.stringContaining('filtered'),
		});
		expect(trigger.executions).toHaveLength(1);
	});

	it('that is older than one already seen is dropped', async () => {
		const [first, second] = [1_795_254_073_000, 1_795_254_074_000];
		trigger = await startTrigger();
		await trigger.send(version(2), { orderingTimestamp: second });
		expect((await trigger.send(version(1), { orderingTimestamp: first })).text).toMatch(
			/^filtered/,
		);
	});

	it('without an ordering timestamp counts as the newest', async () => {
		trigger = await startTrigger();
		await trigger.send(version(1), { orderingTimestamp: Date.now() - 1000 });
		await trigger.send(version(2), { orderingTimestamp: null });
		expect(trigger.items().map(({ status }) => status)).toEqual(['new', 'updated']);
	});

	it('with a time in the future counts as one without, so that it does not outdate all that follow', async () => {
		trigger = await startTrigger();
		await trigger.send(version(1), { orderingTimestamp: Date.now() + 7_200_000 });
		await trigger.send(version(2), { orderingTimestamp: Date.now() + 1000 });
		expect(trigger.items().map(({ status }) => status)).toEqual(['new', 'updated']);
	});

	it('that starts nothing is still remembered', async () => {
		const staticData = {};
		trigger = await startTrigger({ emit: 'new' }, { staticData });
		await trigger.send(version(1), { traceId: 'trace-1', orderingTimestamp: 1 });
		await trigger.send(version(2), { traceId: 'trace-2', orderingTimestamp: 2 });
		await trigger.close();

		trigger = await startTrigger({}, { staticData: JSON.parse(JSON.stringify(staticData)) });
		expect(await trigger.send(version(2), { traceId: 'trace-2' })).toMatchObject({
			text: 'repeated',
		});
	});

	it('is not remembered if that is switched off', async () => {
		trigger = await startTrigger({ options: { dropRepeated: false } });
		await trigger.send(ride, { traceId: 'trace-1' });
		await trigger.send(ride, { traceId: 'trace-1' });
		expect(trigger.items().map(({ status }) => status)).toEqual([null, null]);
	});

	it('is remembered across a restart', async () => {
		const staticData = {};
		trigger = await startTrigger({}, { staticData });
		await trigger.send(ride, { traceId: 'trace-1', orderingTimestamp: Date.now() });
		await trigger.close();

		trigger = await startTrigger({}, { staticData: JSON.parse(JSON.stringify(staticData)) });
		expect(await trigger.send(ride, { traceId: 'trace-1' })).toMatchObject({ text: 'repeated' });
		await trigger.send(version(2), { traceId: 'trace-2', orderingTimestamp: Date.now() + 1000 });
		expect(trigger.items()).toMatchObject([{ status: 'updated' }]);
	});
});

it('a lab report gives its details as flat columns', async () => {
	trigger = await startTrigger({ events: ['lab_report'] });
	await trigger.send({
		type: 'lab_report.failed',
		event_id: 'event-1',
		data: { code: 'file_unreadable', retriable: true, event_id: 'inner' },
	});
	expect(trigger.items()).toMatchObject([
		{
			event_type: 'lab_report.failed',
			event_id: 'event-1',
			code: 'file_unreadable',
			retriable: true,
		},
	]);
});

it('IDs of connection events are safe in a spreadsheet if asked for', async () => {
	trigger = await startTrigger({ events: ['deauth'], format: { protectText: true } });
	const user = { user_id: 'user-1', provider: 'XERT', reference_id: '=HYPERLINK("http://x","y")' };
	await trigger.send({ type: 'deauth', status: 'success', user }, { reference: '@SUM(A1)' });
	await trigger.send({
		type: 'deauth',
		status: 'success',
		user: { ...user, reference_id: '+49151' },
	});
	expect(trigger.items()).toMatchObject([
		{ reference_id: '\'=HYPERLINK("http://x","y")', terra_reference: "'@SUM(A1)" },
		{ reference_id: "'+49151" },
	]);
});

it('answers are plain text, so that a browser never runs anything in them', async () => {
	trigger = await startTrigger();
	const answers = [
		await post(JSON.stringify(ride)),
		await post(JSON.stringify({ ...ride, user: { provider: '<script>' } })),
		await post('{}', { 'content-type': 'text/plain' }),
		await post('{}', undefined, { sign: false }),
	];
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401]);
	for (const { headers } of answers) expect(headers.get('content-type')).toMatch(/^text\/plain/);
});
