import tls from 'node:tls';
import { clock } from '../../nodes/Terra/transport';
import { sampleEvents } from '../../sandbox';
import { startPayloadHost, type PayloadHost } from '../support/payloadHost';
import { startTrigger, type Trigger } from '../support/terra';

const { activity } = sampleEvents();

let storage: PayloadHost;
let trigger: Trigger;
const environment = { ...process.env };
beforeAll(async () => {
	storage = await startPayloadHost();
	process.env.HTTPS_PROXY = storage.proxyUrl;
	// A running process cannot be given another trusted certificate, but each connection that it opens can.
	const { createSecureContext } = tls;
	jest
		.spyOn(tls, 'createSecureContext')
		.mockImplementation((options) => createSecureContext({ ca: storage.certificate, ...options }));
});
afterAll(async () => {
	process.env = environment;
	jest.restoreAllMocks();
	await storage.close();
});
beforeEach(async () => {
	storage.requests.length = 0;
	storage.refusedHosts.length = 0;
	storage.answerWith({ body: JSON.stringify(activity) });
	trigger = await startTrigger({ simplify: false });
});
afterEach(async () => {
	expect(trigger.thrown).toEqual([]);
	await trigger.close();
});

const ping = async (url: unknown = storage.url, how = {}) =>
	await trigger.send({ type: 's3_payload', url, expires_in: 300, status: 'success' }, how);

it('a ping is handled as the event it points to, fetched without keys', async () => {
	expect(await ping()).toEqual({ status: 200, text: 'started' });
	expect(trigger.items()).toMatchObject([{ type: 'activity', data: (activity!.data as any)[0] }]);
	expect(storage.requests).toHaveLength(1);
	const { headers, url } = storage.requests[0]!;
	expect(url.href).toBe(storage.url);
	expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-api-key']));
	expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['dev-id']));
	expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']));
});

it('a repeated ping is not fetched again', async () => {
	await ping(storage.url, { traceId: 'trace-1' });
	expect(await ping(storage.url, { traceId: 'trace-1' })).toEqual({
		status: 200,
		text: 'repeated',
	});
	expect(storage.requests).toHaveLength(1);
});

it('a forged ping is not fetched', async () => {
	expect(await ping(storage.url, { secret: 'wrong' })).toMatchObject({ status: 401 });
	expect(storage.requests).toEqual([]);
});

it('the filters apply to the fetched event', async () => {
	storage.answerWith({ body: JSON.stringify({ ...activity, type: 'sleep' }) });
	expect((await ping()).text).toMatch(/^filtered: sleep/);
});

describe('a ping is answered 503, so that Terra repeats it, if the payload', () => {
	const cases: Array<[string, Parameters<PayloadHost['answerWith']>[0], RegExp]> = [
		['has expired', { status: 403, body: '<Error/>' }, /answered 403/],
		['is not there', { status: 404 }, /answered 404/],
		['redirects', { status: 302, headers: { location: 'https://evil.example/' } }, /answered 302/],
		['is cut short', { body: '{"type":"activity"' }, /not JSON/],
		['is no event', { body: '{}' }, /not a Terra event/],
		['is too large', { body: Buffer.alloc(65 * 1024 * 1024, ' ') }, /larger than 64 MB/],
	];
	it.each(cases)('%s', async (_case, answer, reason) => {
		storage.answerWith(answer);
		const { status, text } = await ping();
		expect(status).toBe(503);
		expect(text).toMatch(reason);
		expect(text).not.toContain('X-Amz-Signature');
		expect(trigger.executions).toEqual([]);
		expect(storage.refusedHosts).toEqual([]);

		storage.answerWith({ body: JSON.stringify(activity) });
		expect(await ping()).toMatchObject({ status: 200 });
	});

	it('does not arrive in time', async () => {
		const deadline = jest
			.spyOn(clock, 'deadline')
			.mockImplementationOnce(() => AbortSignal.timeout(200));
		storage.answerWith({ hangs: true });
		const { status, text } = await ping();
		expect(status).toBe(503);
		expect(text).toMatch(/could not be fetched in time/);
		// Terra waits for an answer for 8 seconds.
		expect(deadline.mock.calls).toEqual([[6_000]]);
		expect(trigger.executions).toEqual([]);

		storage.answerWith({ body: JSON.stringify(activity) });
		expect(await ping()).toMatchObject({ status: 200 });
	});
});

it.each([null, 7, '', 'not an address', 'https://evil.example/x', 'http://127.0.0.1/'])(
	'an address that can never work is dropped without a request: %p',
	async (url) => {
		expect(await ping(url)).toMatchObject({
			status: 200,
			text: expect.stringMatching(/^dropped: /),
		});
		expect(storage.requests).toEqual([]);
		expect(storage.refusedHosts).toEqual([]);
		expect(trigger.executions).toEqual([]);
	},
);
