import type { AdminScope } from '../../../sandbox';
import { ADMIN_SCOPES } from '../../../sandbox/types';
import type { Setup } from './client';
import { DESTINATIONS, startSetup } from './client';

let setup: Setup;
beforeEach(async () => {
	setup = await startSetup();
});
afterEach(async () => await setup.close());

const get = async (path: string, token?: string) =>
	await setup.admin('GET', path, undefined, { token });

it('the sandbox’s own token has all scopes and never expires', async () => {
	expect((await setup.ask('GET', '/me')).json).toEqual({
		token_id: expect.any(String),
		kind: 'admin',
		customer_id: expect.any(String),
		scopes: [...ADMIN_SCOPES],
		dev_ids: null,
		name: expect.any(String),
		created_via: 'dashboard',
		expires_at: null,
		grant_anchor_at: '2026-11-21T12:00:00.000Z',
		last_used_at: '2026-11-21T12:00:00.000Z',
		user: expect.objectContaining({ email: expect.any(String) }),
	});
});

it('a token reports its scopes, environments and expiry', async () => {
	setup.sandbox.addAdminToken('terra_at_week', {
		name: 'n8n',
		scopes: ['destinations:read'],
		devIds: [setup.sandbox.devId],
		expiresAt: Date.UTC(2026, 10, 28),
	});
	const { json } = await setup.ask('GET', '/me', undefined, { token: 'terra_at_week' });
	expect(json).toMatchObject({
		name: 'n8n',
		scopes: ['destinations:read'],
		dev_ids: [setup.sandbox.devId],
		expires_at: '2026-11-28T00:00:00.000Z',
		user: null,
	});
});

it.each<[string, Record<string, string>]>([
	['none', { authorization: '' }],
	['an unknown one', { authorization: 'Bearer terra_at_other' }],
	['one without Bearer', { authorization: 'terra_at_sandbox' }],
	['a data API key', { authorization: '', 'x-api-key': 'sandbox-api-key' }],
])('%s is unauthorized', async (_name, headers) => {
	const answer = await setup.ask('GET', '/me', undefined, { headers });
	expect(answer).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
});

it('a token is refused after it expires or is removed', async () => {
	setup.sandbox.addAdminToken('terra_at_week', { expiresAt: setup.time.now + 1000 });
	expect((await get(DESTINATIONS, 'terra_at_week')).status).toBe(200);
	setup.time.now += 1000;
	expect(await get(DESTINATIONS, 'terra_at_week')).toMatchObject({
		status: 401,
		json: { code: 'token_expired' },
	});
	setup.sandbox.removeAdminToken('terra_at_week');
	expect((await get(DESTINATIONS, 'terra_at_week')).json.code).toBe('unauthorized');
});

it('a token for another environment is refused, and an unknown environment is a 404', async () => {
	setup.sandbox.addAdminToken('terra_at_other', { devIds: ['other'] });
	expect(await get(DESTINATIONS, 'terra_at_other')).toMatchObject({
		status: 403,
		json: { code: 'audience_restricted' },
	});
	const nowhere = await setup.admin('GET', DESTINATIONS, undefined, { environment: 'other' });
	expect(nowhere).toMatchObject({ status: 404, json: { code: 'dev_id_not_found' } });
});

it.each<[string, string, AdminScope]>([
	['GET', DESTINATIONS, 'destinations:read'],
	['GET', `${DESTINATIONS}/1`, 'destinations:read'],
	['POST', DESTINATIONS, 'destinations:write'],
	['PATCH', `${DESTINATIONS}/1`, 'destinations:write'],
	['DELETE', `${DESTINATIONS}/1`, 'destinations:write'],
	['GET', `${DESTINATIONS}/1/secrets`, 'keys:read'],
	['POST', `${DESTINATIONS}/1/signing-secret/rotate`, 'destinations:write'],
	['POST', `${DESTINATIONS}/1/signing-secret/rotate`, 'keys:write'],
	['GET', '/api-key', 'keys:read'],
	['GET', '/unified-api/processing', 'dataconfig:read'],
	['PATCH', '/unified-api/processing', 'dataconfig:write'],
	['GET', '/unified-api/scopes', 'dataconfig:read'],
	['GET', '/webhook-events', 'events:read'],
	['GET', '/webhook-events/1', 'events:read'],
	['GET', '/webhook-events/1/payload', 'payloads:read'],
	['POST', '/webhook-events/resend', 'events:write'],
	['GET', '/webhook-events/stats', 'events:read'],
	['POST', '/webhook-events/generate', 'testdata:write'],
	['GET', '/events', 'events:read'],
	['GET', '/events/1', 'events:read'],
	['GET', '/events/1/payload', 'payloads:read'],
])('%s %s needs the scope %s, and the refusal names it', async (method, path, scope) => {
	const scopes = ADMIN_SCOPES.filter((other) => other !== scope);
	setup.sandbox.addAdminToken('terra_at_less', { scopes });
	const refused = await setup.admin(method, path, undefined, { token: 'terra_at_less' });
	expect(refused).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
	expect(refused.json.detail).toContain(scope);
	expect(refused.json.remediation).toContain(scope);
});

it('an unknown path is a bare 404', async () => {
	for (const path of ['/nowhere', `${DESTINATIONS}/1/nowhere`])
		expect(await get(path)).toMatchObject({ status: 404, text: '' });
	expect((await setup.ask('PUT', '/me')).text).toBe('');
});

it('a body that is not JSON is refused with an error code', async () => {
	const url = `${setup.sandbox.adminBase}/environments/${setup.sandbox.devId}${DESTINATIONS}`;
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${setup.sandbox.adminToken}`,
			'content-type': 'application/json',
		},
		body: '{"config',
	});
	expect(response.status).toBe(400);
	expect(await response.json()).toMatchObject({ code: 'validation_failed' });
});

it('answers can be delayed, each path by its own time', async () => {
	const timed = async (path: string) => {
		const started = performance.now();
		await setup.ask('GET', path);
		return performance.now() - started;
	};
	setup.sandbox.settings.adminDelayMs = 150;
	expect(await timed('/me')).toBeGreaterThan(140);
	setup.sandbox.settings.adminDelayMs = { '/': 0, '/me': 150 };
	expect(await timed('/me')).toBeGreaterThan(140);
	expect(await timed(`/environments/${setup.sandbox.devId}/api-key`)).toBeLessThan(140);
});

it('a call takes effect even if the caller does not wait for its answer', async () => {
	setup.sandbox.settings.adminDelayMs = 100;
	const url = `${setup.sandbox.adminBase}/environments/${setup.sandbox.devId}${DESTINATIONS}`;
	const given = fetch(url, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${setup.sandbox.adminToken}`,
			'content-type': 'application/json',
		},
		body: JSON.stringify({ config: { url: setup.receiver.url } }),
		signal: AbortSignal.timeout(50),
	});
	await expect(given).rejects.toThrow();
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect((await get(DESTINATIONS)).json.data).toHaveLength(1);
});
