import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startCloudHosts, type CloudAnswer, type CloudService } from '../support/cloudHosts';

export interface PublishedVersion {
	/** Its package.json. */
	manifest: { name: string; version: string };
	/** Path of the packed file. */
	tarball: string;
}

export type Registry = Awaited<ReturnType<typeof startRegistry>>;

/**
 * A local package registry. Only licensed n8n instances can use another registry, so this one is reached at the usual
 * address through a proxy. Anything but published packages is a 404.
 *
 * @param others services at other addresses, by their host names
 */
export async function startRegistry(others: Readonly<Record<string, CloudService>> = {}) {
	const versions: PublishedVersion[] = [];
	/** The requested paths, in order. */
	const requests: string[] = [];
	const hosts = await startCloudHosts(async (request) => {
		const { url } = request;
		const other = others[url.host];
		if (other) return await other(request);
		requests.push(url.pathname);
		return await answer(versions, url);
	});
	return {
		...hosts,
		requests,
		/** Environment variables that make npm use this registry, and none of the machine's settings and cache. */
		async npmSettings(folder: string) {
			const authority = join(folder, 'authority.pem');
			await writeFile(authority, hosts.certificate);
			const npmrc = join(folder, 'npmrc');
			await writeFile(npmrc, '');
			return {
				HTTPS_PROXY: hosts.proxyUrl,
				NODE_EXTRA_CA_CERTS: authority,
				npm_config_userconfig: npmrc,
				npm_config_cache: join(folder, 'cache'),
			};
		},
		publish(version: PublishedVersion) {
			versions.push(version);
		},
	};
}

/** `/<package>` lists the versions, `/<package>/<version or tag>` is one of them, `/-/<n>.tgz` is its file. */
async function answer(
	versions: PublishedVersion[],
	{ origin, pathname }: URL,
): Promise<CloudAnswer> {
	const file = /^\/-\/(\d+)\.tgz$/.exec(pathname);
	if (file) return { body: await readFile(versions[Number(file[1])]!.tarball) };

	const [name, wanted] = pathname.slice(1).split('/').map(decodeURIComponent);
	const described = await Promise.all(
		versions.map(async ({ manifest, tarball }, index) => ({
			...manifest,
			dist: {
				tarball: `${origin}/-/${index}.tgz`,
				integrity: `sha512-${createHash('sha512')
					.update(await readFile(tarball))
					.digest('base64')}`,
			},
		})),
	);
	const known = described.filter((version) => version.name === name);
	const latest = known.at(-1);
	if (!latest) return { status: 404, body: { error: 'not found' } };
	if (wanted) {
		const one = wanted === 'latest' ? latest : known.find(({ version }) => version === wanted);
		return one ? { body: one } : { status: 404, body: { error: `version not found: ${wanted}` } };
	}
	return {
		body: {
			name,
			'dist-tags': { latest: latest.version },
			versions: Object.fromEntries(known.map((version) => [version.version, version])),
		},
	};
}
