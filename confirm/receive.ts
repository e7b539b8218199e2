import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { asObject } from './json';
import type { Answer } from './run';
import { shapeOf } from './shape';

/** The answers to the first delivery's attempts, to see how Terra retries after a 5xx and after a 4xx. */
const ANSWERS = [500, 400, 200];
const LARGEST_BODY = 64 * 1024 * 1024;

/** A request from Terra. */
export interface Attempt {
	/** Unix milliseconds. */
	at: number;
	/** The status it was answered with. */
	answered: number;
	traceId?: string;
	reference?: string;
	/** The signature's time, in Unix seconds. */
	signedAt?: number;
	/** Whether the signature is valid; undefined without a secret. */
	isGenuine?: boolean;
	headers: string[];
	event: Record<string, unknown>;
	body: string;
}

export interface Listener {
	url: string;
	/** The first delivery, its retries and its resends. */
	attempts: Attempt[];
	/** Resolves after `count` attempts. */
	heard: (count: number) => Promise<void>;
	close: () => Promise<void>;
}

/** Receives Terra's deliveries. Refuses the first one twice, and accepts all others. */
export async function listen(port: number, secret?: string): Promise<Listener> {
	const attempts: Attempt[] = [];
	const waiting: Array<() => void> = [];
	const server = http.createServer((request, response) => {
		const parts: Buffer[] = [];
		let size = 0;
		request.on('data', (part: Buffer) => {
			size += part.length;
			if (size > LARGEST_BODY) request.destroy();
			else parts.push(part);
		});
		request.on('error', () => {});
		request.on('end', () => {
			const attempt = attemptIn(request.headers, Buffer.concat(parts).toString(), secret);
			if (attempts.length === 0 || isSame(attempts[0]!, attempt)) {
				attempt.answered = ANSWERS[attempts.length] ?? 200;
				attempts.push(attempt);
			}
			response.statusCode = attempt.answered;
			response.end();
			for (const wake of waiting.splice(0)) wake();
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		attempts,
		heard: async (count) => {
			while (attempts.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function attemptIn(headers: http.IncomingHttpHeaders, body: string, secret?: string): Attempt {
	const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
	const signature = text('x-terra-signature') ?? text('terra-signature') ?? '';
	const time = /(?:^|,)\s*t=([^,]+)/.exec(signature)?.[1];
	return {
		at: Date.now(),
		answered: 200,
		traceId: text('x-terra-trace-id'),
		reference: text('terra-reference'),
		...(time !== undefined && { signedAt: Number(time) }),
		...(secret !== undefined && { isGenuine: isSigned(signature, `${time}.${body}`, secret) }),
		headers: Object.keys(headers).filter((name) => /terra|retry|attempt|event|delivery/.test(name)),
		event: eventIn(body),
		body,
	};
}

function isSigned(signature: string, signed: string, secret: string): boolean {
	return signature.includes(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
}

function eventIn(body: string): Record<string, unknown> {
	try {
		return asObject(JSON.parse(body));
	} catch {
		return {};
	}
}

/** Whether both are the same delivery. A retry or resend may have a new trace ID: that is one of the open points. */
function isSame(first: Attempt, other: Attempt): boolean {
	const isShared = (name: 'reference' | 'traceId') =>
		first[name] !== undefined && first[name] === other[name];
	return isShared('traceId') || isShared('reference') || first.body === other.body;
}

/** What the attempts at the first delivery show. */
export function findingsOf(attempts: readonly Attempt[]): Answer[] {
	const [first, second, third, resent] = attempts;
	if (!first) return [];
	const answers = second ? [signatureTime(first, second), retries(first, second, third)] : [];
	if (resent) answers.push(resentDelivery(first, resent));
	if (/^s3_/.test(String(first.event.type))) answers.push(pingOf(first));
	answers.push({
		point: 'Names of events',
		seen: `the body says ${shapeOf(first.event.type, 'type')}; headers: ${first.headers.join(', ')}${genuineness(first)}`,
		means: 'The trigger understands older and newer names.',
		shape: shapeOf(first.event),
	});
	return answers;
}

function genuineness({ isGenuine }: Attempt): string {
	if (isGenuine === undefined) return '';
	return isGenuine ? '; the signature is valid' : '; the signature is NOT valid';
}

function signatureTime(first: Attempt, second: Attempt): Answer {
	const isKept = first.signedAt === second.signedAt;
	return {
		point: 'Signature time',
		seen: `${isKept ? 'kept' : 'renewed'}; trace ID ${first.traceId === second.traceId ? 'kept' : 'new'}, bytes ${first.body === second.body ? 'the same' : 'different'}`,
		means: isKept
			? 'The maximum age must cover all retries, as the 48 hours do.'
			: 'The maximum age could be a few minutes.',
	};
}

function retries(first: Attempt, second: Attempt, third: Attempt | undefined): Answer {
	return {
		point: 'Retries',
		seen: `after a 500: ${gap(first, second)}; after a 400: ${third ? gap(second, third) : 'no retry seen'}`,
		means: third
			? 'Terra also retries after a 4xx, so no delivery is lost.'
			: 'A 4xx may end a delivery: the trigger answers 4xx only to deliveries it must never accept.',
	};
}

function gap(one: Attempt, next: Attempt): string {
	return `retried after ${((next.at - one.at) / 1000).toFixed(1)} s`;
}

function resentDelivery(first: Attempt, resent: Attempt): Answer {
	const isKept = first.traceId === resent.traceId;
	return {
		point: 'Resent deliveries',
		seen: `trace ID ${isKept ? 'kept' : 'new'}, signature time ${first.signedAt === resent.signedAt ? 'kept' : 'new'}`,
		means: isKept
			? 'A resend is dropped as repeated unless Drop Repeated Deliveries is off.'
			: 'A resend starts the workflow again.',
	};
}

function pingOf({ event }: Attempt): Answer {
	const address =
		typeof event.url === 'string' && URL.canParse(event.url) ? new URL(event.url) : undefined;
	return {
		point: 'Ping payloads',
		seen: `host ${address?.host ?? 'unknown'}, ${typeof event.expires_in === 'number' ? `${event.expires_in} s` : 'no lifetime given'}`,
		means: "The trigger fetches from Amazon's hosts and from those in its option Payload Hosts.",
	};
}
