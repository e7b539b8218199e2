import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { generate } from 'selfsigned';

export interface CloudRequest {
	method: string;
	url: URL;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

export interface CloudAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON. */
	body?: object | string | Buffer;
	/** Sends the head of the answer and never its end. */
	hangs?: boolean;
}

/** What a service answers, by its host name. */
export type CloudServices = Record<string, (request: CloudRequest) => CloudAnswer>;

/**
 * Stands in for services of the cloud under their real names: whoever uses `proxyUrl` as HTTPS_PROXY and trusts
 * `certificate` reaches them there, and nothing else.
 */
export async function startCloudHosts(services: CloudServices) {
	const hosts = Object.keys(services);
	const { private: key, cert } = await generate([{ name: 'commonName', value: hosts[0]! }], {
		extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }],
	});
	const refusedHosts: string[] = [];
	const sockets = new Set<Socket>();

	const cloud = createHttpsServer({ key, cert }, async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { host = '' } = request.headers;
		const {
			status = 200,
			headers,
			body = {},
			hangs,
		} = services[host]!({
			method: request.method!,
			url: new URL(request.url!, `https://${host}`),
			headers: request.headers,
			body: Buffer.concat(chunks),
		});
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		if (hangs) response.write('{');
		else response.end(isPlain(body) ? JSON.stringify(body) : body);
	});
	const proxy = createHttpServer();
	proxy.on('connect', ({ url }, client: Socket) => {
		if (!hosts.some((host) => url === `${host}:443`)) {
			refusedHosts.push(url!);
			client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		const server = connect((cloud.address() as AddressInfo).port, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			server.pipe(client);
			client.pipe(server);
		});
		for (const socket of [server, client]) {
			sockets.add(socket);
			socket.on('error', () => socket.destroy());
		}
	});
	for (const server of [cloud, proxy]) {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	}
	return {
		proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		certificate: cert,
		/** Other hosts that somebody tried to reach. */
		refusedHosts,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			cloud.closeAllConnections();
			for (const server of [cloud, proxy]) {
				await new Promise((resolve) => server.close(resolve));
			}
		},
	};
}

function isPlain(body: object | string | Buffer): body is object {
	return typeof body === 'object' && !Buffer.isBuffer(body);
}
