import type { AdminScope } from '../../../sandbox';
import { ADMIN_SCOPES } from '../../../sandbox/types';
import type { Desk } from './client';
import { DESTINATIONS, openDesk } from './client';

let desk: Desk;
beforeEach(async () => {
	desk = await openDesk();
});
afterEach(async () => await desk.close());

const get = async (path: string, token?: string) =>
	await desk.admin('GET', path, undefined, { token });

it('the sandbox’s own token may do everything, without end', async () => {
	expect((await desk.ask('GET', '/me')).json).toEqual({
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

it('a token says what it may do, where, and until when', async () => {
	desk.sandbox.addAdminToken('terra_at_week', {
		name: 'n8n',
		scopes: ['destinations:read'],
		devIds: [desk.sandbox.devId],
		expiresAt: Date.UTC(2026, 10, 28),
	});
	const { json } = await desk.ask('GET', '/me', undefined, { token: 'terra_at_week' });
	expect(json).toMatchObject({
		name: 'n8n',
		scopes: ['destinations:read'],
		dev_ids: [desk.sandbox.devId],
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
	const answer = await desk.ask('GET', '/me', undefined, { headers });
	expect(answer).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
});

it('a token ends with its time, and when it is taken away', async () => {
	desk.sandbox.addAdminToken('terra_at_week', { expiresAt: desk.time.now + 1000 });
	expect((await get(DESTINATIONS, 'terra_at_week')).status).toBe(200);
	desk.time.now += 1000;
	expect(await get(DESTINATIONS, 'terra_at_week')).toMatchObject({
		status: 401,
		json: { code: 'token_expired' },
	});
	desk.sandbox.removeAdminToken('terra_at_week');
	expect((await get(DESTINATIONS, 'terra_at_week')).json.code).toBe('unauthorized');
});

it('a token for other environments is refused, an unknown environment not found', async () => {
	desk.sandbox.addAdminToken('terra_at_other', { devIds: ['other'] });
	expect(await get(DESTINATIONS, 'terra_at_other')).toMatchObject({
		status: 403,
		json: { code: 'audience_restricted' },
	});
	const nowhere = await desk.admin('GET', DESTINATIONS, undefined, { environment: 'other' });
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
])('%s %s needs %s, and the refusal names it', async (method, path, scope) => {
	const scopes = ADMIN_SCOPES.filter((other) => other !== scope);
	desk.sandbox.addAdminToken('terra_at_less', { scopes });
	const refused = await desk.admin(method, path, undefined, { token: 'terra_at_less' });
	expect(refused).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
	expect(refused.json.detail).toContain(scope);
	expect(refused.json.remediation).toContain(scope);
});

it('a path that does not exist is a bare 404', async () => {
	for (const path of ['/nowhere', `${DESTINATIONS}/1/nowhere`])
		expect(await get(path)).toMatchObject({ status: 404, text: '' });
	expect((await desk.ask('PUT', '/me')).text).toBe('');
});

it('what is no JSON is a problem with a code', async () => {
	const url = `${desk.sandbox.adminBase}/environments/${desk.sandbox.devId}${DESTINATIONS}`;
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${desk.sandbox.adminToken}`,
			'content-type': 'application/json',
		},
		body: '{"config',
	});
	expect(response.status).toBe(400);
	expect(await response.json()).toMatchObject({ code: 'validation_failed' });
});

it('answers may be late, each path by its own time', async () => {
	const timed = async (path: string) => {
		const started = performance.now();
		await desk.ask('GET', path);
		return performance.now() - started;
	};
	desk.sandbox.settings.adminDelayMs = 150;
	expect(await timed('/me')).toBeGreaterThan(140);
	desk.sandbox.settings.adminDelayMs = { '/': 0, '/me': 150 };
	expect(await timed('/me')).toBeGreaterThan(140);
	expect(await timed(`/environments/${desk.sandbox.devId}/api-key`)).toBeLessThan(140);
});

it('a call takes effect although nobody waits for its answer', async () => {
	desk.sandbox.settings.adminDelayMs = 100;
	const url = `${desk.sandbox.adminBase}/environments/${desk.sandbox.devId}${DESTINATIONS}`;
	const given = fetch(url, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${desk.sandbox.adminToken}`,
			'content-type': 'application/json',
		},
		body: JSON.stringify({ config: { url: desk.receiver.url } }),
		signal: AbortSignal.timeout(50),
	});
	await expect(given).rejects.toThrow();
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect((await get(DESTINATIONS)).json.data).toHaveLength(1);
});
