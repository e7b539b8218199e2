import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { ExecuteContext } from 'n8n-core';
import type { NodeExecutionHint } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport/clock';
import { runTerra } from '../support/n8nCore';
import { keyOf } from '../support/keyOf';

/**
 * A fake Terra that fails at random in every way seen so far, with known data: a run must return exactly that data, or
 * name those with something missing.
 */

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;
const RANGE = { from: '2026-09-01', to: '2026-11-20' };

interface Athlete {
	user_id: string;
	provider: string;
	reference_id: string;
	active: boolean;
	rides: Array<{ summary_id: string; start_time: string }>;
	/** If set, Terra's answer to each request for this athlete. */
	refusal?: { status: number; body: object };
}

type Random = () => number;

/** Mulberry32: a random generator with a seed. */
function randomFrom(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const oneOf = <T>(random: Random, choices: readonly T[]): T =>
	choices[Math.floor(random() * choices.length)]!;

function athletesFrom(random: Random): Athlete[] {
	return Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => ({
		user_id: `0000000${index}-0000-4000-8000-000000000000`,
		provider: 'XERT',
		reference_id: `rider-${index}`,
		active: random() > 0.15,
		rides: Array.from({ length: Math.floor(random() * 30) }, (__, ride) => {
			const at = Date.parse(RANGE.from) + Math.floor(random() * 81) * DAY_MS + ride * 60_000;
			return { summary_id: `ride-${ride}`, start_time: new Date(at).toISOString() };
		}),
		...(random() < 0.12 && {
			refusal: oneOf(random, [
				{ status: 401, body: { message: 'User token expired' } },
				{ status: 404, body: { title: 'user not found' } },
				{ status: 404, body: { detail: 'invalid data type' } },
				{ status: 400, body: { message: 'connection does not support requested data type' } },
				{ status: 424, body: { title: 'provider error' } },
				{ status: 403, body: { title: 'forbidden' } },
			]),
		}),
	}));
}

const STATUSES = [400, 404, 408, 413, 418, 424, 429, 500, 502, 503, 504, 520, 524, 599];

/** Answers with status 200 that are not valid. */
const ODD_BODIES = [
	'',
	'null',
	'7',
	'[]',
	'{}',
	'{"data":{}}',
	'{"status":"error","message":"activity data is not available"}',
	'{"type":"processing","retry_after_seconds":1}',
	'{"status":"success","reference":"r-1"}',
	'{"message":"Rate limit of the provider was hit"}',
	'<html>Sign in to the hotel</html>',
	'{"data":[{"metadata"',
];

/** Sends a fault. */
function fail(random: Random, response: ServerResponse): void {
	const kind = random();
	if (kind < 0.45) {
		const status = oneOf(random, STATUSES);
		const reset = status === 429 && random() < 0.5;
		const headers = reset ? { 'x-ratelimit-reset': String(Math.ceil(clock.now() / 1000) + 5) } : {};
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(oneOf(random, ['{"title":"no"}', '<html></html>', '']));
	} else if (kind < 0.8) {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(oneOf(random, ODD_BODIES));
	} else if (kind < 0.9) {
		response.destroy();
	} else if (kind < 0.96) {
		response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
		response.write('{"data":[', () => response.destroy());
	} else {
		// One byte and then nothing.
		response.writeHead(200, { 'content-type': 'application/json' });
		response.write(' ');
	}
}

function usersPage(athletes: Athlete[], page: number, random: Random, faulty: boolean): object {
	const perPage = 2;
	const pages = Math.ceil(athletes.length / perPage);
	const from = page * perPage;
	const results = athletes.slice(from, from + perPage).map(({ user_id, ...one }) => ({
		user_id,
		provider: one.provider,
		reference_id: one.reference_id,
		active: one.active,
	}));
	// The last user of the previous page is repeated, as when somebody connects in between.
	if (faulty && page > 0 && random() < 0.3) {
		const { user_id, provider, reference_id, active } = athletes[from - 1]!;
		results.unshift({ user_id, provider, reference_id, active });
	}
	const isLast = page + 1 >= pages;
	const next = isLast ? null : page + 1;
	// A list that ends too early, or repeats a page.
	const wrong = faulty && !isLast && random() < 0.1;
	const shown = wrong ? oneOf(random, [null, page]) : oneOf(random, [next, next && String(next)]);
	const list = { results, next: shown, max_page: pages };
	return random() < 0.5 ? { data: list } : { status: 'success', ...list };
}

let server: Server;
let world: { athletes: Athlete[]; random: Random; faults: number };
const realClock = { ...clock };

beforeAll(async () => {
	server = createServer((request, response) => {
		const { athletes, random, faults } = world;
		const url = new URL(request.url!, 'http://t');
		const faulty = faults > 0;
		if (random() < faults) return fail(random, response);
		const json = (body: unknown, status = 200) =>
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

		if (url.pathname === '/subscriptions') {
			return json(usersPage(athletes, Number(url.searchParams.get('page')), random, faulty));
		}
		const user = athletes.find(({ user_id }) => user_id === url.searchParams.get('user_id'));
		// A request from the previous run may still arrive.
		if (!user?.active) return json({ title: 'user not found' }, 404);
		if (user.refusal) return json(user.refusal.body, user.refusal.status);
		const [start, end] = ['start_date', 'end_date'].map((name) => url.searchParams.get(name)!);
		const data = user.rides
			.filter(({ start_time }) => start_time >= start! && start_time < end!)
			.map((metadata) => ({ metadata: { ...metadata, end_time: metadata.start_time } }))
			.sort(() => random() - 0.5);
		const { user_id, provider, reference_id } = user;
		// The answer need not repeat the reference ID.
		const shownUser = random() < 0.3 ? { user_id, provider } : { user_id, provider, reference_id };
		json({ user: shownUser, type: 'activity', data });
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	Object.assign(clock, realClock);
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

async function run(): Promise<{ rides: string[]; references: unknown[]; hintText: string }> {
	let now = NOW;
	clock.now = () => now;
	clock.sleep = async (ms) => {
		now += ms;
	};
	clock.deadline = () => AbortSignal.timeout(100);
	const hints = jest.spyOn(ExecuteContext.prototype, 'addExecutionHints');
	try {
		const items = await runTerra({
			credential: {
				devId: 'd',
				apiKey: 'k',
				baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			} as never,
			parameters: {
				athletes: 'everyone',
				providers: { __rl: true, mode: 'name', value: '*' },
				period: 'custom',
				...RANGE,
				returnAll: true,
				columns: 'full',
			},
		});
		const shown = hints.mock.calls.flat() as NodeExecutionHint[];
		return {
			rides: items.map(({ json }) => String(json.activity_key)),
			references: items.map(({ json }) => json.reference_id),
			hintText: shown.map(({ message }) => message).join('\n'),
		};
	} finally {
		hints.mockRestore();
	}
}

const keysOf = ({ rides, ...user }: Athlete) =>
	rides.map(({ summary_id }) => keyOf(user, summary_id));

async function check(seed: number, faults: number): Promise<void> {
	const random = randomFrom(seed);
	world = { athletes: athletesFrom(random), random, faults };
	const { athletes } = world;
	const outcome = await run().catch((error: Error & { description?: string }) => {
		// The error says what happened, what to do, and for which item.
		expect(error.message).not.toBe('');
		expect(error.description).toBeTruthy();
		expect(error).toMatchObject({ context: { itemIndex: 0 } });
		return undefined;
	});
	if (!outcome) return;

	const { rides, references, hintText } = outcome;
	const truth = new Set(athletes.flatMap(keysOf));
	expect(new Set(rides).size).toBe(rides.length);
	expect(rides.filter((key) => !truth.has(key))).toEqual([]);
	expect(references).not.toContain(null);

	// If the list ended too early, nobody knows who is missing.
	if (/^Some athletes are missing: /m.test(hintText)) return;
	const left = athletes.filter(({ active }) => !active).length;
	if (left > 0) expect(hintText).toMatch(new RegExp(`^${left} athletes? (is|are) no longer`, 'm'));
	const incomplete = athletes.filter(
		(athlete) => athlete.active && !keysOf(athlete).every((key) => rides.includes(key)),
	);
	const unnamed = incomplete.filter(({ user_id }) => !hintText.includes(user_id));
	// Athletes whose provider does not have the data are counted, not named.
	const [, counted = 0] = /(\d+) connections? ha(?:s|ve) no activity data/.exec(hintText) ?? [];
	expect(unnamed.length).toBeLessThanOrEqual(Number(counted));
}

it('returns exactly the known data if nothing fails', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer(), async (seed) => await check(seed, 0)),
		{ numRuns: 15 },
	);
}, 60_000);

it.each([0.05, 0.3])(
	'returns the known data or says what is missing, when %d of the answers are faults',
	async (faults) => {
		await fc.assert(
			fc.asyncProperty(fc.integer(), async (seed) => await check(seed, faults)),
			{ numRuns: 25 },
		);
	},
	60_000,
);
