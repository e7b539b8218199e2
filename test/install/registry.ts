import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';

export interface PublishedVersion {
	/** Its package.json. */
	manifest: { name: string; version: string };
	/** Path of the packed file. */
	tarball: string;
}

export interface Registry {
	/** For HTTPS_PROXY: whoever goes through it finds this registry at every address. */
	proxyUrl: string;
	/** For NODE_EXTRA_CA_CERTS: vouches for those addresses. */
	authority: string;
	publish(version: PublishedVersion): void;
	/** Paths that were asked for, in their order. */
	requests: string[];
	close(): Promise<void>;
}

/**
 * Stands in for the package registry on this machine. n8n lets only licensed instances set another registry, so
 * this one is found at the usual address, through a proxy. Everything but published packages is answered with 404,
 * and nothing leaves the machine.
 */
export async function startRegistry(): Promise<Registry> {
	const authority = await generate([{ name: 'commonName', value: 'Test Authority' }], {
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'keyUsage', keyCertSign: true },
		],
	});
	const versions: PublishedVersion[] = [];
	const requests: string[] = [];
	const sockets = new Set<Socket>();

	const server = createTlsServer(
		{
			SNICallback: (host, done) => {
				certify(host, authority).then(
					(context) => done(null, context),
					(error: Error) => done(error),
				);
			},
		},
		(request, response) => {
			requests.push(request.url ?? '');
			void answer(versions, request, response);
		},
	);
	const proxy = createServer((_request, response) => response.writeHead(404).end());
	proxy.on('connect', (_request, client: Socket) => {
		sockets.add(client);
		client.on('error', () => client.destroy());
		client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		server.emit('connection', client);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

	return {
		proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		authority: authority.cert,
		publish: (version) => versions.push(version),
		requests,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => proxy.close(resolve));
		},
	};
}

async function certify(host: string, { private: key, cert }: { private: string; cert: string }) {
	const own = await generate([{ name: 'commonName', value: host }], {
		ca: { key, cert },
		extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
	});
	return createSecureContext({ key: own.private, cert: own.cert });
}

/** `/<package>` lists the versions, `/<package>/<version or tag>` is one of them, `/-/<n>.tgz` its file. */
async function answer(
	versions: PublishedVersion[],
	{ url = '/', headers: { host } }: IncomingMessage,
	response: ServerResponse,
) {
	const send = (status: number, body: object) =>
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

	const file = /^\/-\/(\d+)\.tgz$/.exec(url);
	if (file) {
		response.end(await readFile(versions[Number(file[1])]!.tarball));
		return;
	}
	const [name, wanted] = url.slice(1).split(/[/?]/).map(decodeURIComponent);
	const described = await Promise.all(
		versions.map(async ({ manifest, tarball }, index) => ({
			...manifest,
			dist: {
				tarball: `https://${host}/-/${index}.tgz`,
				integrity: `sha512-${createHash('sha512')
					.update(await readFile(tarball))
					.digest('base64')}`,
			},
		})),
	);
	const known = described.filter((version) => version.name === name);
	const latest = known.at(-1);
	if (!latest) return send(404, { error: 'not found' });
	if (wanted) {
		const one = wanted === 'latest' ? latest : known.find(({ version }) => version === wanted);
		return one ? send(200, one) : send(404, { error: `version not found: ${wanted}` });
	}
	return send(200, {
		name,
		'dist-tags': { latest: latest.version },
		versions: Object.fromEntries(known.map((version) => [version.version, version])),
	});
}
