import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { TimeWindow } from './dates';
import { daysIn, overlaps, parseTerraDate, parseWindow } from './dates';
import { problem } from './problem';
import type { TerraUser } from './types';
import type { WireFault } from './webhooks/post';

export type FaultKind =
	/** Does not answer until `afterMs` (default 10 minutes) have passed, then answers 504. */
	| 'timeout'
	/** Resets the connection before answering. */
	| 'reset'
	/** Resets the connection in the middle of the body. */
	| 'cut'
	/** A complete answer with truncated JSON. */
	| 'truncate'
	/** `status` (default 500) with a problem, or with `body`. */
	| 'status'
	| 'receipt'
	| 'processing'
	| 'provider_rate_limit'
	| 'no_data'
	| 'large_request'
	/** `data: []`. */
	| 'empty_data'
	/** `status` (default 500) with an HTML page. */
	| 'html'
	/** 302 to the address in `body`. */
	| 'redirect'
	/** `status` (default 200) without a body. */
	| 'empty'
	| '429r1'
	| '429r2'
	/** Waits `afterMs`, then answers normally. */
	| 'slow'
	/** For deliveries: drops the connection in the middle of the body. */
	| 'delivery_cut'
	/** For deliveries: sends the second half of the body after `afterMs`. */
	| 'delivery_slow';

export interface Fault {
	kind: FaultKind;
	/** A substring of the path or a regular expression; for deliveries, matched against the destination's URL. */
	path?: RegExp | string;
	method?: string;
	userId?: string;
	/** How many times the fault applies; default: always. */
	times?: number;
	/** Only requests whose window overlaps the days from `from` (inclusive) to `to` (exclusive). */
	from?: string;
	to?: string;
	/** Only requests for at least this many days. */
	minDays?: number;
	status?: number;
	/** A string is sent unchanged, an object as JSON. */
	body?: string | object;
	afterMs?: number;
	retryAfterSeconds?: number;
	when?: (request: FaultRequest) => boolean;
}

export interface FaultRequest {
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, unknown>;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const DELIVERY_KINDS: FaultKind[] = ['delivery_cut', 'delivery_slow'];

/** The active faults. The first one that matches applies. */
export class FaultList {
	private faults: Array<Fault & { left: number }> = [];

	add(fault: Fault): void {
		this.faults.push({ ...fault, left: fault.times ?? Infinity });
	}

	clear(): void {
		this.faults = [];
	}

	forRequest(request: FaultRequest): Fault | undefined {
		return this.take(
			(fault) =>
				!DELIVERY_KINDS.includes(fault.kind) &&
				matchesPath(fault, request.path) &&
				(fault.method ?? request.method).toUpperCase() === request.method &&
				(fault.userId ?? request.query['user_id']) === request.query['user_id'] &&
				matchesWindow(fault, request) &&
				(fault.when?.(request) ?? true),
		);
	}

	forDelivery(url: string): WireFault | undefined {
		const fault = this.take(
			(candidate) => DELIVERY_KINDS.includes(candidate.kind) && matchesPath(candidate, url),
		);
		if (!fault) return undefined;
		return { kind: fault.kind === 'delivery_cut' ? 'cut' : 'slow', afterMs: fault.afterMs ?? 0 };
	}

	private take(matches: (fault: Fault) => boolean): Fault | undefined {
		const fault = this.faults.find((candidate) => candidate.left > 0 && matches(candidate));
		if (fault) fault.left--;
		return fault;
	}
}

function matchesPath(fault: Fault, path: string): boolean {
	if (fault.path === undefined) return true;
	return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path);
}

function matchesWindow(fault: Fault, request: FaultRequest): boolean {
	if (fault.from === undefined && fault.to === undefined && fault.minDays === undefined)
		return true;
	let window: TimeWindow;
	try {
		window = parseWindow(request.query['start_date'], request.query['end_date']);
	} catch {
		return false;
	}
	const from = fault.from === undefined ? -Infinity : parseTerraDate(fault.from);
	const to = fault.to === undefined ? Infinity : parseTerraDate(fault.to);
	return overlaps(window, from, to) && daysIn(window) >= (fault.minDays ?? 0);
}

const wait = async (ms: number) =>
	await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

/** Applies the fault. Resolves to false if the request should still be answered normally. */
export async function applyFault(
	fault: Fault,
	request: FastifyRequest,
	reply: FastifyReply,
	user: TerraUser | undefined,
): Promise<boolean> {
	const type = request.url.split('?')[0]?.split('/').pop() ?? '';
	const reference = randomUUID();
	const ok = (body: object) => {
		void reply.code(200).send(body);
		return true;
	};
	switch (fault.kind) {
		case 'slow':
			await wait(fault.afterMs ?? 1000);
			return false;
		case 'timeout':
			await Promise.race([wait(fault.afterMs ?? DEFAULT_TIMEOUT_MS), closed(reply)]);
			problem(reply, 504, 'the request took too long');
			return true;
		case 'reset':
			reply.hijack();
			reply.raw.socket?.resetAndDestroy();
			return true;
		case 'cut':
			reply.hijack();
			reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
			reply.raw.write('{"user":{"user_id":"', () => reply.raw.socket?.resetAndDestroy());
			return true;
		case 'truncate':
			void reply
				.code(200)
				.type('application/json')
				.send('{"user":{"user_id":"7d0c6f1e"},"data":[{"metad');
			return true;
		case 'status':
			answerStatus(fault, reply);
			return true;
		case 'receipt':
			return ok({ status: 'success', type, reference, trace_id: reference, user });
		case 'processing':
			return ok({
				type: 'processing',
				status: 'success',
				message: 'The provider is still preparing this data',
				user,
				retry_after_seconds: fault.retryAfterSeconds ?? 1,
			});
		case 'provider_rate_limit':
			return ok({
				type: 'rate_limit',
				message: 'The provider rate-limits requests; Terra will retry',
				user,
			});
		case 'no_data':
			return ok({ status: 'success', message: 'No data returned for this period', user });
		case 'large_request':
			return ok({
				type: 'large_request_processing',
				status: 'processing',
				message: 'A large request is being processed',
				user,
				reference,
			});
		case 'empty_data':
			return ok({ user, data: [], type });
		case 'html':
			void reply
				.code(fault.status ?? 500)
				.type('text/html')
				.send(fault.body ?? '<!doctype html><title>Error</title><h1>Something went wrong</h1>');
			return true;
		case 'redirect':
			void reply.redirect(String(fault.body ?? 'https://example.com/'), 302);
			return true;
		case 'empty':
			void reply.code(fault.status ?? 200).send();
			return true;
		case '429r1':
			void reply.header('x-terra-ratelimit-rule', 'r1');
			void reply.code(429).send({ detail: 'rate limit exceeded' });
			return true;
		case '429r2':
			void reply.header('x-terra-ratelimit-rule', 'r2');
			void reply.header('retry-after', String(fault.retryAfterSeconds ?? 1));
			void reply.code(429).send({ detail: 'rate limit exceeded' });
			return true;
		case 'delivery_cut':
		case 'delivery_slow':
			return false;
	}
}

function answerStatus(fault: Fault, reply: FastifyReply): void {
	const status = fault.status ?? 500;
	if (fault.retryAfterSeconds !== undefined)
		void reply.header('retry-after', String(fault.retryAfterSeconds));
	if (fault.body === undefined) problem(reply, status, 'caused by a sandbox fault');
	else void reply.code(status).type('application/json').send(fault.body);
}

async function closed(reply: FastifyReply): Promise<void> {
	await new Promise<void>((resolve) => reply.raw.once('close', resolve));
}
