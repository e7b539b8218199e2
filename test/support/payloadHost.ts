import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { generate } from 'selfsigned';

const BUCKET = 'terra-payload-bucket.s3.eu-west-2.amazonaws.com';

export interface PayloadAnswer {
	status?: number;
	headers?: Record<string, string>;
	body?: string | Buffer;
	/** Sends the head of the answer and never its end. */
	hangs?: boolean;
}

/**
 * Stands in for the storage that Terra keeps ping payloads in. It answers under its real name: whoever uses
 * `proxyUrl` as HTTPS_PROXY and trusts `certificate` reaches it there, and nothing else.
 */
export async function startPayloadHost() {
	const { private: key, cert } = await generate([{ name: 'commonName', value: BUCKET }], {
		extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: BUCKET }] }],
	});
	const requests: Array<{ url: string; headers: IncomingHttpHeaders }> = [];
	const refusedHosts: string[] = [];
	const sockets = new Set<Socket>();
	let answer: PayloadAnswer = {};

	const storage = createHttpsServer({ key, cert }, (request, response) => {
		requests.push({ url: request.url!, headers: request.headers });
		response.writeHead(answer.status ?? 200, answer.headers);
		if (answer.hangs) response.write('{');
		else response.end(answer.body);
	});
	const proxy = createHttpServer();
	proxy.on('connect', ({ url }, client: Socket) => {
		if (url !== `${BUCKET}:443`) {
			refusedHosts.push(url!);
			client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		const server = connect((storage.address() as AddressInfo).port, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			server.pipe(client);
			client.pipe(server);
		});
		for (const socket of [server, client]) {
			sockets.add(socket);
			socket.on('error', () => socket.destroy());
		}
	});
	for (const server of [storage, proxy]) {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	}

	return {
		proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		certificate: cert,
		url: `https://${BUCKET}/payloads/ride.json?X-Amz-Signature=example`,
		requests,
		/** Hosts other than the storage that somebody tried to reach. */
		refusedHosts,
		answerWith: (next: PayloadAnswer) => {
			answer = next;
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			storage.closeAllConnections();
			for (const server of [storage, proxy]) {
				await new Promise((resolve) => server.close(resolve));
			}
		},
	};
}

export type PayloadHost = Awaited<ReturnType<typeof startPayloadHost>>;
