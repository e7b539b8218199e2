import type { Desk } from './client';
import { DESTINATIONS, openDesk } from './client';

let desk: Desk;
beforeEach(async () => {
	desk = await openDesk();
});
afterEach(async () => await desk.close());

const make = async (fields: object = {}) =>
	(await desk.admin('POST', DESTINATIONS, { config: { url: desk.receiver.url }, ...fields })).json;
const secretsOf = async (id: string) => await desk.admin('GET', `${DESTINATIONS}/${id}/secrets`);
const rotate = async (id: string, extra = {}) =>
	await desk.admin('POST', `${DESTINATIONS}/${id}/signing-secret/rotate`, undefined, extra);

/** Whether the next delivery is signed with this secret. */
async function signsWith(secret: string): Promise<boolean> {
	const before = desk.receiver.received.length;
	await desk.sandbox.send({ type: 'activity' }, { timestampSeconds: 1 });
	await desk.sandbox.send({ type: 'activity' }, { timestampSeconds: 1, secret });
	const [own, other] = desk.receiver.received.slice(before);
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

it('a destination may sign with the environment’s secret, which has its own place', async () => {
	const { id, signing_secret: secret } = await make({ signing_secret_source: 'environment' });
	expect(secret).toBeNull();
	expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: null });
	const { json } = await desk.admin('GET', '/api-key');
	expect(json).toEqual({
		dev_id: desk.sandbox.devId,
		api_key: desk.sandbox.apiKey,
		signing_secret: desk.sandbox.signingSecret,
	});
	expect(await signsWith(json.signing_secret)).toBe(true);
});

it('so does the destination made in the dashboard', async () => {
	desk.sandbox.setDestination(desk.receiver.url);
	const [{ id }] = (await desk.admin('GET', DESTINATIONS)).json.data;
	expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: null });
});

describe('a new secret', () => {
	it('signs from now on, and is shown once', async () => {
		const { id, signing_secret: before } = await make();
		const extra = { headers: { 'idempotency-key': 'once' } };
		const { status, json } = await rotate(id, extra);
		expect({ status, json }).toMatchObject({ status: 200, json: { id, type: 'webhook' } });
		expect(json.signing_secret).not.toBe(before);
		expect(await signsWith(json.signing_secret)).toBe(true);
		expect((await secretsOf(id)).json.secrets).toEqual({ signing_secret: json.signing_secret });
		expect((await rotate(id, extra)).json).toEqual({ ...json, signing_secret: null });
	});

	it('may be rehearsed', async () => {
		const { id, signing_secret: before } = await make();
		expect((await rotate(id, { query: { dry_run: true } })).json.would).toBe('rotate');
		expect(await signsWith(before)).toBe(true);
	});

	it('needs one to replace', async () => {
		const { id } = await make({ signing_secret_source: 'environment' });
		expect(await rotate(id)).toMatchObject({ status: 409, json: { code: 'conflict' } });
	});

	it('came with 2026.11', async () => {
		const { id } = await make();
		desk.sandbox.settings.adminVersion = '2026.10';
		expect(await rotate(id)).toMatchObject({ status: 404, text: '' });
	});
});
