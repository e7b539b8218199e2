import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { credentialFor } from '../../playground/credential';
import { outputSchemas } from '../../build/schemas';
import { installN8n } from '../../playground/n8n';
import type { World } from './support';
import { startWorld, version } from './support';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

describe('the packed tarball in a real n8n', () => {
	it.each([
		'n8n-nodes-terra.terraTrigger',
		'n8n-nodes-terra.terraPollingTrigger',
		'n8n-nodes-terra.terra',
	])('offers %s with an icon for light and dark', async (name) => {
		const nodes = (await world.client.nodeTypes()).filter((type) => type.name === name);
		expect(nodes).toHaveLength(1);
		const { light, dark } = nodes[0]!.iconUrl as { light: string; dark: string };
		for (const icon of [light, dark]) {
			const response = await fetch(`${world.url}/${icon}`);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-type')).toMatch('image/svg+xml');
		}
		expect(light).not.toBe(dark);
	});

	it('serves the output schema of each operation at the address that the editor reads', async () => {
		for (const [path, schema] of outputSchemas()) {
			const [, version, rest] = /v([\d.]+\d)(.*)$/.exec(path.replace(/\.json$/, ''))!;
			const node = rest === '' ? 'terraTrigger' : 'terra';
			const response = await fetch(
				`${world.url}/schemas/n8n-nodes-terra.${node}/${version}${rest}.json`,
			);
			expect([path, response.status]).toEqual([path, 200]);
			expect(await response.json()).toEqual(schema);
		}
	});

	it('offers the action node to AI agents as a tool', async () => {
		const names = (await world.client.nodeTypes()).map((type) => type.name);
		expect(names).toContain('n8n-nodes-terra.terraTool');
		expect(names).not.toContain('n8n-nodes-terra.terraTriggerTool');
	});
});

it('uses only what the n8n-workflow of this version exports', async () => {
	const { n8nScript } = await installN8n(version);
	const theirs = createRequire(n8nScript)('n8n-workflow') as Record<string, unknown>;
	const dist = join(__dirname, '../../dist');
	const used = new Set<string>();
	for (const file of await readdir(dist, { recursive: true })) {
		if (!file.endsWith('.js')) continue;
		const code = await readFile(join(dist, file), 'utf8');
		for (const [, alias] of code.matchAll(/(?:const|var) (\w+) = require\("n8n-workflow"\)/g)) {
			for (const [, name] of code.matchAll(new RegExp(`\\b${alias!}\\.(\\w+)`, 'g')))
				used.add(name!);
		}
	}
	// Otherwise the pattern no longer matches the compiled code.
	expect(used).toContain('NodeOperationError');
	expect([...used].filter((name) => theirs[name] === undefined)).toEqual([]);
});

describe('the Test button of the credential', () => {
	const press = async (change: object) =>
		await world.client.testCredential(world.credential, {
			...credentialFor(world.sandbox),
			...change,
		});

	it('accepts the right Developer ID and API Key', async () => {
		expect(await press({})).toMatchObject({ status: 'OK' });
	});

	it.each([
		['a wrong API Key', { apiKey: 'wrong' }, /API Key is wrong/],
		['the Developer ID of another environment', { devId: 'other-prod' }, /different environments/],
		[
			'a host that does not answer',
			{ baseUrl: 'http://127.0.0.1:9' },
			/127\.0\.0\.1:9 cannot be reached/,
		],
		['text that is no address', { baseUrl: 'terra' }, /not a web address/],
	])('explains %s', async (_case, change, explanation) => {
		expect(await press(change)).toEqual({
			status: 'Error',
			message: expect.stringMatching(explanation) as string,
		});
	});

	it("explains an address that is not Terra's", async () => {
		// n8n itself answers here, but not as Terra does.
		expect(await press({ baseUrl: world.url })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/does not lead to Terra's API/) as string,
		});
	});
});
