import type { Setup } from './client';
import { DESTINATIONS, startSetup } from './client';

let setup: Setup;
beforeEach(async () => {
	setup = await startSetup();
});
afterEach(async () => await setup.close());

const make = async (fields: object = {}) =>
	(await setup.admin('POST', DESTINATIONS, { config: { url: setup.receiver.url }, ...fields }))
		.json;
const secretsOf = async (id: string) => await setup.admin('GET', `${DESTINATIONS}/${id}/secrets`);
const rotate = async (id: string, extra = {}) =>
	await setup.admin('POST', `${DESTINATIONS}/${id}/signing-secret/rotate`, undefined, extra);

/** Whether the next delivery is signed with this secret. */
async function signsWith(secret: string): Promise<boolean> {
	const before = setup.receiver.received.length;
	await setup.sandbox.send({ type: 'activity' }, { timestampSeconds: 1 });
	await setup.sandbox.send({ type: 'activity' }, { timestampSeconds: 1, secret });
	const [own, other] = setup.receiver.received.slice(before);
	return own?.headers['x-terra-signature'] === other?.headers['x-terra-signature'];
}

it('a destination’s own secret can be read back', async () => {
	const { id, signing_secret: secret } = await make();
	expect((await secretsOf(id)).json).toEqual({
		id,
		type: 'webhook',
		secrets: { signing_secret: secret },
	});
	expect(await signsWith(secret)).toBe(true);
	expect((await secretsOf('1')).json.code).toBe('not_found');
});

it('a destination can sign with the environment’s secret, which is returned elsewhere', async () => {
	const { id, signing_secret: secret } = await make({ signing_secret_source: 'environment' });
	expect(secret).toBeNull();
	expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: null });
	const { json } = await setup.admin('GET', '/api-key');
	expect(json).toEqual({
		dev_id: setup.sandbox.devId,
		api_key: setup.sandbox.apiKey,
		signing_secret: setup.sandbox.signingSecret,
	});
	expect(await signsWith(json.signing_secret)).toBe(true);
});

it('the destination created in the dashboard signs with it as well', async () => {
	setup.sandbox.setDestination(setup.receiver.url);
	const [{ id }] = (await setup.admin('GET', DESTINATIONS)).json.data;
	expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: null });
});

describe('rotating a secret', () => {
	it('signs with the new one at once, and returns it once', async () => {
		const { id, signing_secret: before } = await make();
		const extra = { headers: { 'idempotency-key': 'once' } };
		const { status, json } = await rotate(id, extra);
		expect({ status, json }).toMatchObject({ status: 200, json: { id, type: 'webhook' } });
		expect(json.signing_secret).not.toBe(before);
		expect(await signsWith(json.signing_secret)).toBe(true);
		expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: json.signing_secret });
		expect((await rotate(id, extra)).json).toEqual({ ...json, signing_secret: null });
	});

	it('can be a dry run', async () => {
		const { id, signing_secret: before } = await make();
		expect((await rotate(id, { query: { dry_run: true } })).json.would).toBe('rotate');
		expect(await signsWith(before)).toBe(true);
	});

	it('is refused if the destination has no secret of its own', async () => {
		const { id } = await make({ signing_secret_source: 'environment' });
		expect(await rotate(id)).toMatchObject({ status: 409, json: { code: 'conflict' } });
	});

	it('exists from version 2026.11', async () => {
		const { id } = await make();
		setup.sandbox.settings.adminVersion = '2026.10';
		expect(await rotate(id)).toMatchObject({ status: 404, text: '' });
	});
});
