import type { World } from './support';
import { startWorld } from './support';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

describe('the packed tarball in a real n8n', () => {
	it.each(['n8n-nodes-terra.terraTrigger', 'n8n-nodes-terra.terra'])(
		'offers %s with an icon for light and dark',
		async (name) => {
			const nodes = (await world.client.nodeTypes()).filter((type) => type.name === name);
			expect(nodes).toHaveLength(1);
			const { light, dark } = nodes[0]!.iconUrl as { light: string; dark: string };
			for (const icon of [light, dark]) {
				const response = await fetch(`${world.url}/${icon}`);
				expect(response.status).toBe(200);
				expect(response.headers.get('content-type')).toMatch('image/svg+xml');
			}
			expect(light).not.toBe(dark);
		},
	);

	it('offers the action node to AI agents as a tool', async () => {
		const names = (await world.client.nodeTypes()).map((type) => type.name);
		expect(names).toContain('n8n-nodes-terra.terraTool');
		expect(names).not.toContain('n8n-nodes-terra.terraTriggerTool');
	});
});

describe('a press on the Test button of the credential', () => {
	const press = async (change: object) =>
		await world.client.testCredential(world.credential, { ...world.credentialData, ...change });

	it('says yes to the right Developer ID and API Key', async () => {
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

	it('explains an address that is not of Terra', async () => {
		// n8n itself answers, only not as Terra does.
		expect(await press({ baseUrl: world.url })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/does not lead to Terra's API/) as string,
		});
	});
});
