import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
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
	/** Sends the headers of the answer and never finishes it. */
	hangs?: boolean;
}

export type CloudService = (request: CloudRequest) => CloudAnswer | Promise<CloudAnswer>;

export type CloudHosts = Awaited<ReturnType<typeof startCloudHosts>>;

/**
 * Local servers under the real names of cloud services, for whoever uses `proxyUrl` as HTTPS_PROXY and trusts
 * `certificate`. All other hosts are unreachable.
 *
 * @param services what each answers, by its host name; or one that answers at every address
 */
export async function startCloudHosts(services: Record<string, CloudService> | CloudService) {
	const serviceAt = (host: string) => (services instanceof Function ? services : services[host]);
	const authority = await startAuthority();
	const refusedHosts: string[] = [];
	const sockets = new Set<Socket>();

	const cloud = createHttpsServer({ SNICallback: authority.certify }, async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { host = '' } = request.headers;
		const {
			status = 200,
			headers,
			body = {},
			hangs,
		} = await serviceAt(host)!({
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
		if (!serviceAt(url!.replace(/:443$/, ''))) {
			refusedHosts.push(url!);
			client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		sockets.add(client);
		client.on('error', () => client.destroy());
		client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		cloud.emit('connection', client);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	return {
		proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		/** The CA certificate of these hosts, for NODE_EXTRA_CA_CERTS. */
		certificate: authority.certificate,
		/** Other hosts that were requested. */
		refusedHosts,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => proxy.close(resolve));
		},
	};
}

/** A certificate authority that issues a certificate for any host on request. */
async function startAuthority() {
	const { private: key, cert } = await generate([{ name: 'commonName', value: 'Test Authority' }], {
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'keyUsage', keyCertSign: true },
		],
	});
	const contextFor = async (host: string) => {
		const own = await generate([{ name: 'commonName', value: host }], {
			ca: { key, cert },
			extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
		});
		return createSecureContext({ key: own.private, cert: own.cert });
	};
	const contexts = new Map<string, Promise<SecureContext>>();
	return {
		certificate: cert,
		certify(host: string, done: (error: Error | null, context?: SecureContext) => void) {
			const context = contexts.get(host) ?? contextFor(host);
			contexts.set(host, context);
			context.then((made) => done(null, made), done);
		},
	};
}

function isPlain(body: object | string | Buffer): body is object {
	return typeof body === 'object' && !Buffer.isBuffer(body);
}
