import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	json: Record<string, unknown>;
}

/** A webhook receiver on a free port that answers with the given statuses, then 200. */
export class Receiver {
	readonly received: Received[] = [];

	/** The next answers; `silence` means no answer. */
	answers: Array<number | 'silence'> = [];

	/** The text of the answers, instead of a number. */
	text: string | undefined;

	url = '';

	private readonly server = http.createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('error', () => {});
		request.on('end', () => {
			const body = Buffer.concat(parts);
			this.received.push({ headers: request.headers, body, json: parsed(body) });
			const answer = this.answers.shift() ?? 200;
			if (answer === 'silence') return;
			response.statusCode = answer;
			response.end(this.text ?? `answer ${this.received.length}`);
		});
	});

	async start(): Promise<this> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
		return this;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

function parsed(body: Buffer): Record<string, unknown> {
	try {
		return JSON.parse(body.toString());
	} catch {
		return {};
	}
}
