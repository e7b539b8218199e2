import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clock } from '../../nodes/Terra/transport/clock';
import { runTerra } from '../support/n8nCore';
import { byId, failureOf } from './historySupport';

/** Answers that never end: with some versions of axios the request then hangs for ever. */

const realClock = { ...clock };
let server: Server;
let answer: RequestListener;
let requests: number;

beforeEach(async () => {
	requests = 0;
	clock.deadline = () => AbortSignal.timeout(40);
	clock.sleep = async () => {};
	server = createServer((request, response) => {
		requests++;
		answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
	Object.assign(clock, realClock);
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const run = async (parameters: object) => {
	const { port } = server.address() as AddressInfo;
	return await failureOf(
		runTerra({
			credential: { devId: 'd', apiKey: 'k', baseUrl: `http://127.0.0.1:${port}` } as never,
			parameters: parameters as never,
		}),
	);
};

const body = gzipSync(JSON.stringify({ data: [{ metadata: { summary_id: 'x'.repeat(5_000) } }] }));
const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

const DAMAGED: Array<[string, RequestListener]> = [
	[
		'gzip cut by a closed socket',
		(_, response) => {
			response.writeHead(200, { ...zipped, 'content-length': String(body.length) });
			response.write(body.subarray(0, 20), () => response.destroy());
		},
	],
	[
		'gzip with flipped bytes',
		(_, response) => {
			const flipped = Buffer.from(body);
			for (let i = 12; i < 30; i++) flipped[i] = flipped[i]! ^ 0xff;
			response.writeHead(200, zipped).end(flipped);
		},
	],
	[
		'a web page labelled gzip',
		(_, response) => response.writeHead(502, zipped).end('<html>Bad Gateway</html>'),
	],
	[
		'a byte every now and then',
		(_, response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			const timer = setInterval(() => response.write(' '), 10);
			response.on('close', () => clearInterval(timer));
		},
	],
	['silence', () => {}],
];

const UNENDING = DAMAGED.slice(-2);

const day = { period: 'custom', from: '2026-11-20', to: '2026-11-20' };
const user = byId('7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90');

describe.each(DAMAGED)('when Terra sends %s', (_, listener) => {
	beforeEach(() => {
		answer = listener;
	});

	it.each<[string, object]>([
		['data', { user, ...day }],
		['a user', { resource: 'user', operation: 'get', connection: user }],
		['the providers', { resource: 'account', operation: 'getProviders' }],
	])('makes a request for %s fail after retries', async (_what, parameters) => {
		const { message, description } = await run(parameters);
		expect(message).toMatch(/did not answer in time|could not be reached|cannot (be read|answer)/);
		expect(description).not.toBe('');
		expect(requests).toBeGreaterThan(1);
	});

	it('makes a request that must not be repeated fail at once', async () => {
		const { message } = await run({ resource: 'user', operation: 'createLink' });
		expect(message).toMatch(/did not answer in time|could not be reached|cannot (be read|answer)/);
		expect(requests).toBeLessThanOrEqual(1);
	});
});

it.each(UNENDING)('the connection is closed after the deadline: %s', async (_, listener) => {
	let open = 0;
	answer = (request, response) => {
		open++;
		response.on('close', () => open--);
		listener(request, response);
	};
	await run({ resource: 'user', operation: 'get', connection: user });
	await run({ resource: 'account', operation: 'getProviders' });
	expect(requests).toBeGreaterThan(1);
	// The server notices a moment later.
	for (let tries = 0; open > 0 && tries < 100; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	expect(open).toBe(0);
});
