import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import { EVENTS, terraTypesOf } from '../../nodes/Terra/terra/events';
import { clock } from '../../nodes/Terra/transport';
import { sampleEvents, startSandbox, type Sandbox } from '../../sandbox';
import { askDestinations, destinationsOf } from '../support/destinations';
import { callHook, callTrigger, workflowOf } from '../support/n8nCore';
import { adminCredentialFor, credentialFor, startTrigger } from '../support/terra';

const URL = 'http://n8n.test/webhook/webhook-1/webhook';
const TEST_URL = 'http://n8n.test/webhook-test/webhook-1/webhook';
const MOVED = 'https://moved.test/webhook';

let sandbox: Sandbox;
/** Ends the waits before a destination is switched off. */
let wake: Array<() => void>;
const real = { ...clock };
beforeEach(async () => {
	wake = [];
	sandbox = await startSandbox();
	clock.sleep = async (_ms, signal) =>
		await new Promise((resolve) => {
			wake.push(resolve);
			signal?.addEventListener('abort', () => resolve());
		});
});
afterEach(async () => {
	Object.assign(clock, real);
	await sandbox.close();
});

let nodes = 0;

/** A workflow whose trigger registers itself; with the same ID it can be published again with other parameters. */
function automatic(
	parameters: IDataObject = {},
	{
		credential = {},
		admin = {},
		staticData = {},
		id = `node-${++nodes}`,
	}: { credential?: object; admin?: object; staticData?: IDataObject; id?: string } = {},
) {
	return workflowOf(
		{
			type: 'terraTrigger',
			parameters: { registration: 'automatic', ...parameters } as never,
			credential: { ...credentialFor(sandbox), signingSecrets: '', ...credential },
			adminCredential: { ...adminCredentialFor(sandbox), ...admin },
			settings: { id },
		},
		{ staticData },
	);
}

const ask = async (method: string, path: string, body?: object) =>
	await askDestinations(sandbox, method, path, body);

/** Terra's destinations. */
async function destinations() {
	return (await allDestinations()).map(({ url, active }) => ({ url, active }));
}
const allDestinations = async () => await destinationsOf(sandbox);

/** Removes them all, as somebody might in Terra's dashboard. */
async function removeAll() {
	for (const { id } of await allDestinations()) await ask('DELETE', `/${id}`);
}

const createElsewhere = async (url: string) =>
	await ask('POST', '', { config: { url }, type: 'webhook' });

/** The requests so far that changed a destination. */
const changes = () =>
	sandbox.requests.filter(({ method, path }) => method !== 'GET' && path.includes('destinations'));

/** Ends all waits, and lets the work that follows finish. */
async function later() {
	for (const resolve of wake.splice(0)) resolve();
	// Done once no request has reached Terra for many turns of the event loop, which both sides share.
	for (let asked = -1, quiet = 0; quiet < 25; quiet++) {
		if (sandbox.requests.length !== asked) quiet = 0;
		asked = sandbox.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}

const failureOf = async (promise: Promise<unknown>) =>
	(await promise.then(
		() => Promise.reject(new Error('It was accepted')),
		(error: unknown) => error,
	)) as NodeOperationError;

describe('registration by hand', () => {
	const byHand = (signingSecrets: string, options = {}, staticData: IDataObject = {}) =>
		workflowOf(
			{
				type: 'terraTrigger',
				parameters: { options },
				credential: { ...credentialFor(sandbox), signingSecrets },
			},
			{ staticData },
		);

	it('needs a signing secret to publish, and says where to find it', async () => {
		expect(await callHook(byHand('secret'), 'create')).toBe(true);
		const failure = await failureOf(callHook(byHand(' , '), 'create'));
		expect(failure.message).toBe("The 'Signing Secret' of the Terra API credential is empty");
		expect(failure.description).toMatch(/Connections → Destinations/);
		expect(sandbox.requests).toEqual([]);
	});

	it('needs none if verification is switched off', async () => {
		expect(await callHook(byHand('', { verifySignature: false }), 'create')).toBe(true);
	});

	it('sends no request to Terra when unpublished', async () => {
		expect(await callHook(byHand(''), 'delete')).toBe(true);
		expect(sandbox.requests).toEqual([]);
	});

	it('logs a changed address at the next start', async () => {
		const workflow = byHand('secret');
		await callHook(workflow, 'create');
		expect(await callTrigger(workflow)).toEqual([]);
		expect(await callTrigger(workflow, 'init', MOVED)).toEqual([
			expect.stringContaining(
				`has changed from ${URL}, which Terra has, to ${MOVED}/webhook-1/webhook`,
			),
		]);
		expect(sandbox.requests).toEqual([]);
	});
});

describe('automatic registration', () => {
	it('creates a destination for all events, whose deliveries are accepted', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		expect(await destinations()).toEqual([{ url: URL, active: true }]);

		// No secret was typed, and none is in the workflow: n8n has fetched it into the credential.
		const { signingSecret } = workflow.adminCredential as { signingSecret: string };
		expect(signingSecret).not.toBe('');
		expect(JSON.stringify(workflow.workflow.staticData)).not.toContain(signingSecret);
		const trigger = await startTrigger(
			{ registration: 'automatic' },
			{ credential: { signingSecrets: '' }, adminCredential: { signingSecret } },
		);
		const { activity } = sampleEvents();
		expect(await trigger.send(activity!, { secret: signingSecret })).toMatchObject({
			text: 'started',
		});
		expect(await trigger.send(activity!, { secret: 'another' })).toMatchObject({ status: 401 });
		await trigger.close();
	});

	it('has Terra sign the rides for the new destination with that secret', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		const { signingSecret } = workflow.adminCredential as { signingSecret: string };
		expect(signingSecret).toBe(sandbox.signingSecret);
	});

	it('changes nothing when published again, as n8n does after failures and restarts', async () => {
		const workflow = automatic();
		for (const mode of ['activate', 'init', 'update'] as const)
			await callHook(workflow, 'create', mode);
		expect(await destinations()).toHaveLength(1);
		expect(changes()).toHaveLength(1);
	});

	it('finds its destination again after the static data is lost', async () => {
		const id = 'forgetful';
		await callHook(automatic({}, { id }), 'create');
		await callHook(automatic({}, { id, staticData: {} }), 'create');
		expect(changes()).toHaveLength(1);
	});

	it('adds events that an older destination lacks', async () => {
		const { id } = await ask('POST', '', {
			type: 'webhook',
			config: { url: URL },
			event_types: ['sleep'],
			signing_secret_source: 'environment',
		});
		await callHook(automatic({ events: ['activity'] }), 'create');
		expect(await allDestinations()).toMatchObject([{ id, event_types: ['activity', 'sleep'] }]);
	});

	it('replaces chosen events with all events if all are wanted', async () => {
		const workflow = automatic({ events: ['*'] });
		await callHook(workflow, 'create');
		const { id } = (await allDestinations())[0]!;
		await ask('PATCH', `/${id}`, { event_types: ['sleep'] });
		await callHook(workflow, 'create');
		expect(await allDestinations()).toMatchObject([{ id, event_types: [] }]);
	});

	it('can ask Terra for each type of event', async () => {
		const destination = { config: { url: URL }, event_types: ['activity'] };
		const source = { signing_secret_source: 'environment' };
		const { id } = await ask('POST', '', { type: 'webhook', ...destination, ...source });
		await callHook(automatic({ events: Object.keys(EVENTS) }), 'create');
		const types = Object.keys(EVENTS).flatMap(terraTypesOf).sort();
		expect(await allDestinations()).toMatchObject([{ id, event_types: types }]);
	});

	it('switches the destination off some time after unpublishing, and on again when published', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await callHook(workflow, 'delete');
		expect(await destinations()).toMatchObject([{ active: true }]);
		await later();
		expect(await destinations()).toMatchObject([{ active: false }]);
		await callHook(workflow, 'create');
		expect(await destinations()).toMatchObject([{ active: true }]);
	});

	it('makes no request when republished', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		for (let round = 0; round < 10; round++) {
			await callHook(workflow, 'delete');
			await callHook(workflow, 'create', 'update');
			await later();
		}
		expect(changes()).toHaveLength(1);
	});

	it('recognises its own destination in another spelling of the address', async () => {
		await createElsewhere(URL.replace('n8n.test', 'N8N.test:80'));
		const workflow = automatic({}, { credential: { signingSecrets: 'typed' } });
		await callHook(workflow, 'create');
		await callHook(workflow, 'create', 'update');
		expect(await destinations()).toHaveLength(1);
	});

	it('keeps the destination on when changed to By Hand', async () => {
		const id = 'handing over';
		await callHook(automatic({}, { id }), 'create');
		await callHook(automatic({}, { id }), 'delete');
		const byHand = workflowOf({
			type: 'terraTrigger',
			credential: credentialFor(sandbox),
			settings: { id },
		});
		await callHook(byHand, 'create');
		await later();
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('switches the destination on again if published while it is being switched off', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		sandbox.faults.add({ kind: 'slow', afterMs: 300, method: 'PATCH', times: 1 });
		for (const resolve of wake.splice(0)) resolve();
		await new Promise((resolve) => setTimeout(resolve, 100));
		await callHook(workflow, 'create');
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('creates a destination again that was removed at Terra', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await removeAll();
		await callHook(workflow, 'create');
		expect(await destinations()).toMatchObject([{ url: URL, active: true }]);
	});

	it('switches a destination on that Terra has switched off', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		const { id } = (await allDestinations())[0]!;
		await ask('PATCH', `/${id}`, { active: false });
		await callTrigger(workflow);
		await later();
		expect(await allDestinations()).toMatchObject([{ id, active: true }]);
	});

	it('moves the destination to a new URL, keeping its ID', async () => {
		const staticData: IDataObject = {};
		await callHook(automatic({}, { staticData }), 'create');
		const { id } = (await allDestinations())[0]!;
		const moved = automatic({}, { staticData });
		moved.node.webhookId = 'webhook-2';
		await callHook(moved, 'create');
		expect(await allDestinations()).toMatchObject([
			{ id, url: 'http://n8n.test/webhook/webhook-2/webhook', active: true },
		]);
	});

	it('updates a changed address of n8n at the next start, without publishing', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		const { id } = (await allDestinations())[0]!;
		await callTrigger(workflow, 'init', MOVED);
		await later();
		expect(await allDestinations()).toMatchObject([
			{ id, url: `${MOVED}/webhook-1/webhook`, active: true },
		]);
		expect(await callTrigger(workflow, 'update', 'https://other.test/webhook')).toEqual([]);
	});

	it("never touches another workflow's destination, however similar its URL", async () => {
		sandbox.settings.secondDestinationStatus = null;
		const others = [
			'https://elsewhere.example/webhook',
			'https://other.test/webhook/webhook-1/webhook',
			`${URL}/`,
			'http://n8n.test/other/webhook/webhook-1/webhook',
		];
		for (const url of others) await createElsewhere(url);
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await later();
		expect(await destinations()).toEqual([
			...others.map((url) => ({ url, active: true })),
			{ url: URL, active: false },
		]);
	});

	it('replaces a destination created by hand if its secret is not in the credential', async () => {
		const { id } = await createElsewhere(URL);
		await callHook(automatic(), 'create');
		const found = await allDestinations();
		expect(found).toMatchObject([{ url: URL, active: true }]);
		expect(found[0]!.id).not.toBe(id);
	});

	it('keeps one whose secret is in the credential', async () => {
		const { signing_secret } = await createElsewhere(URL);
		await callHook(automatic({}, { credential: { signingSecrets: signing_secret } }), 'create');
		expect(changes()).toHaveLength(1);
	});

	it('keeps the registration of an earlier version, with its secret', async () => {
		const { id, signing_secret } = await createElsewhere(URL);
		const registration = {
			id,
			owner: 'n8n.test:workflow-1',
			url: URL,
			signingSecret: signing_secret,
			active: true,
			eventTypes: [],
		};
		const workflow = automatic();
		const owner = { owner: await ownerOf(workflow) };
		workflow.workflow.staticData['node:Terra Trigger'] = {
			registration: { ...registration, ...owner },
		} as never;
		await callHook(workflow, 'create', 'update');
		expect(changes()).toHaveLength(1);
	});
});

/** The owner that the node stores. */
async function ownerOf(workflow: ReturnType<typeof automatic>) {
	const byHand = workflowOf({ type: 'terraTrigger', credential: credentialFor(sandbox) });
	await callHook(byHand, 'create');
	expect(byHand.workflow.id).toBe(workflow.workflow.id);
	return (byHand.workflow.staticData as any)['node:Terra Trigger'].address.owner as string;
}

describe('listening for a test event', () => {
	it('uses a destination of its own, and removes it afterwards', async () => {
		sandbox.settings.secondDestinationStatus = null;
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'create', 'manual');
		expect(await destinations()).toEqual([
			{ url: URL, active: true },
			{ url: TEST_URL, active: true },
		]);
		// As n8n calls it then: in the mode "internal", with the test URL.
		await callHook(workflow, 'delete', 'manual');
		await later();
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('is cleaned up by the next publication if n8n was killed in between', async () => {
		sandbox.settings.secondDestinationStatus = null;
		await callHook(automatic(), 'create', 'manual');
		await callHook(automatic(), 'create');
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('does not remove a destination that is published while it ends', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create', 'manual');
		sandbox.faults.add({ kind: 'slow', afterMs: 300, method: 'DELETE', times: 1 });
		const ending = callHook(workflow, 'delete', 'manual');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await callHook(workflow, 'create');
		await ending;
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('continues when the workflow is published', async () => {
		sandbox.settings.secondDestinationStatus = null;
		const workflow = automatic();
		await callHook(workflow, 'create', 'manual');
		await callHook(workflow, 'create');
		expect(await destinations()).toHaveLength(2);
	});

	it('reports that Terra allows only one webhook', async () => {
		sandbox.settings.secondDestinationStatus = 409;
		const workflow = automatic();
		await callHook(workflow, 'create');
		const failure = await failureOf(callHook(workflow, 'create', 'manual'));
		expect(failure.message).toBe(
			'Terra allows only one webhook, and the published workflow has it',
		);
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});
});

describe('automatic registration fails and says what to do when', () => {
	it('there is no credential', async () => {
		const workflow = automatic();
		delete workflow.node.credentials!.terraAdminApi;
		const failure = await failureOf(callHook(workflow, 'create'));
		expect(failure.message).toBe('The Terra Admin API credential is missing');
	});

	it('the token has expired', async () => {
		sandbox.addAdminToken('expired-example', { expiresAt: Date.now() - 1 });
		const failure = await failureOf(
			callHook(automatic({}, { admin: { token: 'expired-example' } }), 'create'),
		);
		expect(failure.message).toBe('Terra refused the Personal Access Token');
		expect(failure.description).toMatch(/90 days.*Terra says: \w/);
		expect(failure.description).not.toContain('expired-example');
	});

	it('n8n retries and cleans up in between', async () => {
		sandbox.faults.add({ kind: 'status', status: 401, path: /destinations/ });
		const workflow = automatic();
		for (let attempt = 0; attempt < 3; attempt++) {
			await failureOf(callHook(workflow, 'create'));
			await callHook(workflow, 'delete');
		}
	});

	it.each([
		[['destinations:read', 'keys:read'], 'destinations:write'],
		[['destinations:read', 'destinations:write'], 'keys:read'],
		[['destinations:write', 'keys:read'], 'destinations:read'],
	])('the token has only %j', async (scopes, missing) => {
		sandbox.addAdminToken('reader-example', { scopes: scopes as never });
		for (const mode of ['activate', 'manual'] as const) {
			const failure = await failureOf(
				callHook(automatic({}, { admin: { token: 'reader-example' } }), 'create', mode),
			);
			expect(failure.message).toBe('The Personal Access Token lacks a scope');
			expect(failure.description).toContain(missing);
			expect(await destinations()).toEqual([]);
		}
	});

	it.each([403, 409] as const)('a second destination is refused with %d', async (status) => {
		sandbox.settings.secondDestinationStatus = status;
		await createElsewhere('https://elsewhere.example/webhook');
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe('Terra refused to create another destination');
		expect(failure.description).toMatch(/one webhook for an environment/);
	});

	it('Terra does not know the Developer ID', async () => {
		const failure = await failureOf(
			callHook(
				automatic({}, { admin: { devId: 'nobody' }, credential: { devId: 'nobody' } }),
				'create',
			),
		);
		expect(failure.message).toBe('Terra does not know this Developer ID');
	});

	it('the two credentials belong to different environments', async () => {
		const failure = await failureOf(
			callHook(automatic({}, { credential: { devId: 'other-prod' } }), 'create'),
		);
		expect(failure.message).toBe('The two credentials belong to different environments');
	});

	it.each([500, 503])('Terra answers %d', async (status) => {
		sandbox.faults.add({ kind: 'status', status, path: /destinations/ });
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
	});

	it('Terra has no signing secret', async () => {
		sandbox.faults.add({ kind: 'status', status: 200, body: {}, path: /api-key/ });
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.description).toMatch(/no signing secret/);
		expect(await destinations()).toEqual([]);
	});

	const listed = { config: { url: URL }, active: false };
	it.each([
		['list says error', 'GET', { status: 'error', data: [] }],
		['list has no ID', 'GET', { data: [listed], has_more: false }],
		['list has a number for an ID', 'GET', { data: [{ ...listed, id: 7 }], has_more: false }],
	] as const)('its %s', async (_, method, body) => {
		sandbox.faults.add({ kind: 'status', status: 200, body, method, path: /destinations$/ });
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe("Terra's Admin API gave an unexpected answer");
		expect(changes()).toEqual([]);
	});

	it('the new destination is switched off', async () => {
		const body = { id: 'x', config: { url: URL }, active: false };
		sandbox.faults.add({
			kind: 'status',
			status: 201,
			body,
			method: 'POST',
			path: /destinations$/,
		});
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe("Terra's Admin API gave an unexpected answer");
	});

	it.each([
		['that it is on', { active: false }, (id: string) => ({ id })],
		[
			'other events',
			{ event_types: ['sleep'] },
			(id: string) => ({ id, active: true, event_types: ['sleep'] }),
		],
	])('Terra answers a change without %s', async (_, before, answer) => {
		const id = `change-${++nodes}`;
		await callHook(automatic({}, { id }), 'create');
		const one = (await allDestinations())[0]!;
		await ask('PATCH', `/${one.id}`, before);
		const body = { config: { url: URL }, ...answer(one.id) };
		sandbox.faults.add({ kind: 'status', status: 200, body, method: 'PATCH' });
		const failure = await failureOf(callHook(automatic({}, { id }), 'create'));
		expect(failure.message).toBe("Terra's Admin API gave an unexpected answer");
	});

	it('nothing is listening at the address', async () => {
		const failure = await failureOf(
			callHook(automatic({}, { admin: { baseUrl: 'http://127.0.0.1:9/api' } }), 'create'),
		);
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
		expect(failure.description).toMatch(/ECONNREFUSED/);
	});
});

it("a copy of a workflow with its static data leaves the original's destination alone", async () => {
	const staticData: IDataObject = {};
	const original = automatic({}, { staticData });
	await callHook(original, 'create');
	const copy = automatic({}, { staticData: JSON.parse(JSON.stringify(staticData)) });
	copy.workflow.id = 'a copy';
	copy.node.webhookId = 'webhook-of-the-copy';
	sandbox.settings.secondDestinationStatus = null;
	await callHook(copy, 'create');
	await callHook(copy, 'delete');
	await later();
	expect(await destinations()).toMatchObject([{ url: URL, active: true }, { active: false }]);
});

describe('an existing registration that works is kept', () => {
	it.each([401, 403, 500])('although Terra answers %d', async (status) => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		sandbox.faults.add({ kind: 'status', status, path: /destinations/ });
		for (const mode of ['init', 'activate', 'update'] as const) {
			expect(await callHook(workflow, 'create', mode)).toBe(true);
		}
		await callHook(workflow, 'delete');
		expect(await callHook(workflow, 'create', 'update')).toBe(true);
	});

	describe('unless Terra shows that it no longer exists', () => {
		const failing = { kind: 'status', status: 500, path: /destinations/ } as const;

		it.each([
			['removed', 'POST', removeAll],
			[
				'switched off',
				'PATCH',
				async () => {
					for (const { id } of await allDestinations())
						await ask('PATCH', `/${id}`, { active: false });
				},
			],
		])('because somebody has %s it', async (_, method, change) => {
			const workflow = automatic();
			await callHook(workflow, 'create');
			await change();
			sandbox.faults.add({ ...failing, method });
			for (let attempt = 0; attempt < 2; attempt++) {
				await failureOf(callHook(workflow, 'create'));
				sandbox.faults.add({ ...failing, method: 'GET' });
			}
			expect(await callHook(workflow, 'create', 'init')).toBe(true);
		});

		it('because it was removed for a new one, which failed', async () => {
			sandbox.settings.secondDestinationStatus = 409;
			const workflow = automatic();
			await callHook(workflow, 'create');
			await removeAll();
			await createElsewhere(URL);
			let posts = 0;
			sandbox.faults.add({ ...failing, method: 'POST', when: () => ++posts > 1 });
			await failureOf(callHook(workflow, 'create'));
			expect(await destinations()).toEqual([]);
		});
	});

	it('and n8n starts, although the credentials no longer match', async () => {
		const other = automatic({}, { credential: { devId: 'other-prod' } });
		expect(await callHook(other, 'create', 'init')).toBe(true);
		const without = automatic();
		delete without.node.credentials!.terraAdminApi;
		expect(await callHook(without, 'create', 'init')).toBe(true);
	});

	it('and n8n starts, although Terra cannot be asked about it', async () => {
		sandbox.faults.add({ kind: 'status', status: 401, path: /destinations/ });
		expect(await callHook(automatic(), 'create', 'init')).toBe(true);
	});

	it('unless it was switched off', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await later();
		sandbox.faults.add({ kind: 'status', status: 401, path: /destinations/ });
		const failure = await failureOf(callHook(workflow, 'create'));
		expect(failure.message).toBe('Terra refused the Personal Access Token');
	});
});

it('a workflow can be unpublished although Terra is down', async () => {
	const workflow = automatic();
	await callHook(workflow, 'create');
	sandbox.faults.add({ kind: 'reset', path: /destinations/ });
	expect(await callHook(workflow, 'delete')).toBe(true);
	await later();
});

it('n8n starts although Terra is down, and logs it', async () => {
	const workflow = automatic();
	sandbox.faults.add({ kind: 'reset', path: /destinations/ });
	const warnings = await callTrigger(workflow);
	await later();
	expect(warnings).toEqual(['Terra Trigger could not compare its address with the one Terra has']);
});

it('a secret that was rotated at Terra is fetched once, and the delivery is accepted', async () => {
	const trigger = await startTrigger(
		{ registration: 'automatic' },
		{
			credential: { signingSecrets: '' },
			adminCredential: { signingSecret: 'of last week' },
		},
	);
	const { activity, sleep } = sampleEvents();
	expect(await trigger.send(activity!)).toMatchObject({ text: 'started' });
	const asked = () =>
		trigger.sandbox.requests.filter(({ path }) => path.endsWith('/api-key')).length;
	expect(asked()).toBe(1);
	for (let forged = 0; forged < 20; forged++) {
		expect(await trigger.send(sleep!, { secret: 'guessed' })).toMatchObject({ status: 401 });
	}
	expect(asked()).toBe(1);
	await trigger.close();
});

describe("an older deployment of Terra's Admin API", () => {
	beforeEach(() => {
		sandbox.settings.adminVersion = '2026.09';
	});

	it('returns a secret only once, and it is stored with the workflow', async () => {
		const staticData: IDataObject = {};
		const workflow = automatic({}, { staticData });
		for (const mode of ['activate', 'update', 'init'] as const) {
			await callHook(workflow, 'create', mode);
			await callTrigger(workflow);
			await later();
		}
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
		expect(changes().filter(({ status }) => status! < 300)).toHaveLength(1);

		const { signingSecret } = (staticData['node:Terra Trigger'] as any).registration;
		const trigger = await startTrigger(
			{ registration: 'automatic' },
			{ staticData, credential: { signingSecrets: '' }, adminCredential: {} },
		);
		const { activity } = sampleEvents();
		const sent = await trigger.send(activity!, { secret: signingSecret });
		expect(sent).toMatchObject({ text: 'started' });
		await trigger.close();
	});

	it('is switched off and on, and gets a new destination for a new address', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await later();
		expect(await destinations()).toEqual([{ url: URL, active: false }]);
		await callHook(workflow, 'create');
		expect(await destinations()).toEqual([{ url: URL, active: true }]);

		const warnings = await callTrigger(workflow, 'init', MOVED);
		await later();
		expect(warnings).toHaveLength(2);
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
		await callHook(workflow, 'create', 'update', MOVED);
		expect(await destinations()).toEqual([{ url: `${MOVED}/webhook-1/webhook`, active: true }]);
	});
});
