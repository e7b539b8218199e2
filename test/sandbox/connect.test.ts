import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { call } from './api';
import { Receiver } from './receiver';

let sandbox: Sandbox;
let receiver: Receiver;

beforeEach(async () => {
	receiver = await new Receiver().start();
	sandbox = await startSandbox();
	sandbox.setDestination(receiver.url);
});
afterEach(async () => {
	await sandbox.close();
	await receiver.stop();
});

const REQUEST = {
	reference_id: 'rider-9',
	auth_success_redirect_url: 'https://app.example/ok?step=2',
	auth_failure_redirect_url: 'https://app.example/failed',
};

const begin = async (body: object = REQUEST, resource = 'XERT') =>
	await call(sandbox, '/auth/authenticateUser', { resource }, { method: 'POST', body });

/** Submits the form of the page behind the link. */
async function press(url: string, form: Record<string, string>) {
	const response = await fetch(url, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams(form),
	});
	await sandbox.settled();
	return {
		status: response.status,
		location: response.headers.get('location'),
		text: await response.text(),
	};
}

it('connects a user through the page at auth_url', async () => {
	const { json } = await begin();
	const page = await (await fetch(json.auth_url)).text();
	expect(page).toContain('Connect XERT');
	expect(page).toContain('Cancel');

	const { status, location } = await press(json.auth_url, { provider: 'XERT' });
	expect(status).toBe(302);
	expect(Object.fromEntries(new URL(location ?? '').searchParams)).toEqual({
		step: '2',
		user_id: json.user_id,
		reference_id: 'rider-9',
		resource: 'XERT',
	});
	expect(sandbox.users.at(-1)).toMatchObject({ user_id: json.user_id, reference_id: 'rider-9' });
	expect(receiver.received.map((event) => event.json)).toMatchObject([
		{ type: 'auth', status: 'success', user: { user_id: json.user_id, provider: 'XERT' } },
	]);
	expect((await fetch(json.auth_url)).status).toBe(404);
});

it('gives a reconnected user a new ID, and sends a user_reauth event', async () => {
	const old = sandbox.users[0];
	const { json } = await begin({ reference_id: 'rider-1' });
	const { text } = await press(json.auth_url, { provider: 'XERT' });
	expect(text).toContain('Connected');
	const events = receiver.received.map((event) => event.json);
	expect(events.find(({ type }) => type === 'user_reauth')).toMatchObject({
		new_user: { user_id: json.user_id },
		old_user: { user_id: old?.user_id },
	});
	expect(events.find(({ type }) => type === 'auth')).toMatchObject({
		user: { user_id: json.user_id },
	});
	const gone = await call(sandbox, '/userInfo', { user_id: old?.user_id ?? '' });
	expect(gone.status).toBe(404);
});

it('sends an event for a cancelled connection', async () => {
	const { json } = await begin();
	const { location } = await press(json.auth_url, { cancel: '1' });
	expect(location).toContain('https://app.example/failed');
	expect(receiver.received.map((event) => event.json)).toMatchObject([
		{ type: 'auth_cancelled', status: 'error', reference_id: 'rider-9' },
	]);
	expect(receiver.received[0]?.json).not.toHaveProperty('user');
	expect(sandbox.users).toHaveLength(4);
});

it('refuses an unknown or missing source', async () => {
	expect((await begin(REQUEST, 'BICYCLE')).status).toBe(404);
	expect((await call(sandbox, '/auth/authenticateUser', {}, { method: 'POST' })).status).toBe(400);
});

it('offers the sources of a widget session at the old and the new address', async () => {
	const body = { providers: 'XERT, garmin' };
	const old = await call(sandbox, '/auth/generateWidgetSession', {}, { method: 'POST', body });
	expect(old.json).toMatchObject({ status: 'success', expires_in: 900 });
	const page = await (await fetch(old.json.url)).text();
	expect(page).toContain('Connect XERT');
	expect(page).toContain('Connect GARMIN');
	expect(page).not.toContain('Connect OURA');

	await press(old.json.url, { provider: 'GARMIN' });
	expect(receiver.received[0]?.json).toMatchObject({
		type: 'auth',
		widget_session_id: old.json.session_id,
		user: { provider: 'GARMIN' },
	});
	const base = `${sandbox.url}/api`;
	const newer = await call(sandbox, '/widget/session', {}, { method: 'POST', body: {}, base });
	expect(newer.json.url).toContain('/connect/');
});

it('answers 410 at the old address once it has been shut down, naming the new one', async () => {
	sandbox.settings.widgetSessionGone = true;
	const answer = await call(
		sandbox,
		'/auth/generateWidgetSession',
		{},
		{ method: 'POST', body: {} },
	);
	expect(answer.status).toBe(410);
	expect(answer.json.detail).toContain(`${sandbox.url}/api/widget/session`);
});

it('lists sources to anybody, but details only to a request with just a developer ID', async () => {
	const detailed = async (headers: Record<string, string>) =>
		(await call(sandbox, '/integrations/detailed', {}, { headers })).json.providers;
	const [xert] = await detailed({ 'dev-id': sandbox.devId });
	expect(xert).toMatchObject({
		provider: 'XERT',
		enabled: true,
		types: { activity: true, sleep: false, daily: false },
	});
	expect((await detailed({})).length).toBeGreaterThan(2);
	expect(await detailed({ 'dev-id': sandbox.devId, 'x-api-key': sandbox.apiKey })).toEqual([]);
});
