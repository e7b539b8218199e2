import http from 'node:http';
import https from 'node:https';
import type { DeliveryAttempt } from './types';

const RESPONSE_CHARACTERS_KEPT = 2000;

/** A network fault while the body is being sent. */
export interface WireFault {
	/** `cut`: sends half of the body, then drops the connection. `slow`: waits `afterMs` between the halves. */
	kind: 'cut' | 'slow';
	afterMs: number;
}

export interface PostRequest {
	url: string;
	headers: Record<string, string>;
	body: Buffer;
	timeoutMs: number;
	agents: Agents;
	fault?: WireFault;
}

export interface Agents {
	http: http.Agent;
	https: https.Agent;
}

export function makeAgents(): Agents {
	return {
		http: new http.Agent({ keepAlive: true }),
		https: new https.Agent({ keepAlive: true }),
	};
}

type PostResult = Pick<DeliveryAttempt, 'status' | 'error' | 'responseBody'>;

/** Posts once. Never rejects: errors are part of the result. The timeout includes reading the whole answer. */
export async function post(request: PostRequest): Promise<PostResult> {
	return await new Promise((resolve) => {
		const url = new URL(request.url);
		const secure = url.protocol === 'https:';
		let status: number | undefined;
		let responseBody = '';
		let timedOut = false;

		const outgoing = (secure ? https : http).request(url, {
			method: 'POST',
			agent: secure ? request.agents.https : request.agents.http,
			headers: { ...request.headers, 'content-length': String(request.body.length) },
		});
		const timer = setTimeout(() => {
			timedOut = true;
			outgoing.destroy();
		}, request.timeoutMs);
		const finish = (result: PostResult | Promise<PostResult>) => {
			clearTimeout(timer);
			resolve(result);
		};

		outgoing.on('response', (incoming) => {
			status = incoming.statusCode;
			incoming.setEncoding('utf8');
			incoming.on('data', (text: string) => {
				if (responseBody.length < RESPONSE_CHARACTERS_KEPT) responseBody += text;
			});
			incoming.on('end', () =>
				finish({ status, responseBody: responseBody.slice(0, RESPONSE_CHARACTERS_KEPT) }),
			);
			incoming.on('error', (error) => finish({ error: nameOf(error, timedOut), responseBody }));
		});
		outgoing.on('error', (error: NodeJS.ErrnoException) => {
			// The server may close a keep-alive connection just as it is reused. That is not a failed attempt: post again.
			const wasStale = outgoing.reusedSocket && error.code === 'ECONNRESET' && !timedOut;
			finish(wasStale ? post(request) : { error: nameOf(error, timedOut), responseBody });
		});

		writeBody(outgoing, request.body, request.fault);
	});
}

function nameOf(error: NodeJS.ErrnoException, timedOut: boolean): string {
	return timedOut ? 'timeout' : (error.code ?? error.message);
}

function writeBody(outgoing: http.ClientRequest, body: Buffer, fault?: WireFault): void {
	if (!fault) {
		outgoing.end(body);
		return;
	}
	const half = Math.floor(body.length / 2);
	outgoing.write(body.subarray(0, half));
	setTimeout(() => {
		if (fault.kind === 'cut') outgoing.destroy(new Error('connection cut'));
		else outgoing.end(body.subarray(half));
	}, fault.afterMs);
}
