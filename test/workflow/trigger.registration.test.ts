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
/** Lets those continue who wait to switch something off. */
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

/** A workflow whose trigger registers itself; the same one can be published again with other parameters. */
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

/** What Terra has. */
async function destinations() {
	return (await allDestinations()).map(({ url, active }) => ({ url, active }));
}
const allDestinations = async () => await destinationsOf(sandbox);

/** Somebody removes them by hand in Terra's dashboard. */
async function removeAll() {
	for (const { id } of await allDestinations()) await ask('DELETE', `/${id}`);
}

const createElsewhere = async (url: string) =>
	await ask('POST', '', { config: { url }, type: 'webhook' });

/** What the nodes changed at Terra so far. */
const changes = () =>
	sandbox.requests.filter(({ method, path }) => method !== 'GET' && path.includes('destinations'));

/** Time passes until all has been done that was put off. */
async function later() {
	for (const resolve of wake.splice(0)) resolve();
	// Until nobody has asked Terra anything for many turns of the event loop, which is that of both sides.
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

describe('by hand', () => {
	const byHand = (signingSecrets: string, options = {}, staticData: IDataObject = {}) =>
		workflowOf(
			{
				type: 'terraTrigger',
				parameters: { options },
				credential: { ...credentialFor(sandbox), signingSecrets },
			},
			{ staticData },
		);

	it('publishing needs a signing secret, and the message says where to find it', async () => {
		expect(await callHook(byHand('secret'), 'create')).toBe(true);
		const failure = await failureOf(callHook(byHand(' , '), 'create'));
		expect(failure.message).toBe("The 'Signing Secret' of the Terra API credential is empty");
		expect(failure.description).toMatch(/Connections → Destinations/);
		expect(sandbox.requests).toEqual([]);
	});

	it('unless verification is switched off on purpose', async () => {
		expect(await callHook(byHand('', { verifySignature: false }), 'create')).toBe(true);
	});

	it('withdrawing asks nothing of Terra', async () => {
		expect(await callHook(byHand(''), 'delete')).toBe(true);
		expect(sandbox.requests).toEqual([]);
	});

	it('a changed address is told in the log at the next start', async () => {
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

describe('automatically', () => {
	it('publishing creates a destination for all events, whose deliveries are accepted', async () => {
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

	it('a ride that Terra sends to the new destination is signed with that secret', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		const { signingSecret } = workflow.adminCredential as { signingSecret: string };
		expect(signingSecret).toBe(sandbox.signingSecret);
	});

	it('publishing again, as n8n does after failures and restarts, changes nothing', async () => {
		const workflow = automatic();
		for (const mode of ['activate', 'init', 'update'] as const)
			await callHook(workflow, 'create', mode);
		expect(await destinations()).toHaveLength(1);
		expect(changes()).toHaveLength(1);
	});

	it('forgets nothing when the static data is lost', async () => {
		const id = 'forgetful';
		await callHook(automatic({}, { id }), 'create');
		await callHook(automatic({}, { id, staticData: {} }), 'create');
		expect(changes()).toHaveLength(1);
	});

	it('events that an older destination lacks are added', async () => {
		const { id } = await ask('POST', '', {
			type: 'webhook',
			config: { url: URL },
			event_types: ['sleep'],
			signing_secret_source: 'environment',
		});
		await callHook(automatic({ events: ['activity'] }), 'create');
		expect(await allDestinations()).toMatchObject([{ id, event_types: ['activity', 'sleep'] }]);
	});

	it('one that gets only some gets all where all are wanted', async () => {
		const workflow = automatic({ events: ['*'] });
		await callHook(workflow, 'create');
		const { id } = (await allDestinations())[0]!;
		await ask('PATCH', `/${id}`, { event_types: ['sleep'] });
		await callHook(workflow, 'create');
		expect(await allDestinations()).toMatchObject([{ id, event_types: [] }]);
	});

	it('each type of event is one that Terra can be asked for', async () => {
		const destination = { config: { url: URL }, event_types: ['activity'] };
		const source = { signing_secret_source: 'environment' };
		const { id } = await ask('POST', '', { type: 'webhook', ...destination, ...source });
		await callHook(automatic({ events: Object.keys(EVENTS) }), 'create');
		const types = Object.keys(EVENTS).flatMap(terraTypesOf).sort();
		expect(await allDestinations()).toMatchObject([{ id, event_types: types }]);
	});

	it('withdrawing switches it off a while later, publishing switches it on again', async () => {
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

	it('a republication leaves it as it is', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		for (let round = 0; round < 10; round++) {
			await callHook(workflow, 'delete');
			await callHook(workflow, 'create', 'update');
			await later();
		}
		expect(changes()).toHaveLength(1);
	});

	it('knows its own however Terra spells the address', async () => {
		await createElsewhere(URL.replace('n8n.test', 'N8N.test:80'));
		const workflow = automatic({}, { credential: { signingSecrets: 'typed' } });
		await callHook(workflow, 'create');
		await callHook(workflow, 'create', 'update');
		expect(await destinations()).toHaveLength(1);
	});

	it('so does one that hands over to By Hand', async () => {
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

	it('publishing while it is being switched off switches it on again', async () => {
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

	it('a destination that somebody removed at Terra is created again', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await removeAll();
		await callHook(workflow, 'create');
		expect(await destinations()).toMatchObject([{ url: URL, active: true }]);
	});

	it('a destination that Terra has switched off is switched on', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		const { id } = (await allDestinations())[0]!;
		await ask('PATCH', `/${id}`, { active: false });
		await callTrigger(workflow);
		await later();
		expect(await allDestinations()).toMatchObject([{ id, active: true }]);
	});

	it('after a change of URL the destination moves, and keeps its ID', async () => {
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

	it('a changed address of n8n reaches Terra at the next start, without a publication', async () => {
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

	it("another workflow's destination is never touched, however similar its URL", async () => {
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

	it('a destination made by hand, whose secret nobody typed, is replaced', async () => {
		const { id } = await createElsewhere(URL);
		await callHook(automatic(), 'create');
		const found = await allDestinations();
		expect(found).toMatchObject([{ url: URL, active: true }]);
		expect(found[0]!.id).not.toBe(id);
	});

	it('one whose secret was typed stays', async () => {
		const { signing_secret } = await createElsewhere(URL);
		await callHook(automatic({}, { credential: { signingSecrets: signing_secret } }), 'create');
		expect(changes()).toHaveLength(1);
	});

	it('a registration of an earlier version stays, too, with the secret it has', async () => {
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

/** As the node writes it. */
async function ownerOf(workflow: ReturnType<typeof automatic>) {
	const byHand = workflowOf({ type: 'terraTrigger', credential: credentialFor(sandbox) });
	await callHook(byHand, 'create');
	expect(byHand.workflow.id).toBe(workflow.workflow.id);
	return (byHand.workflow.staticData as any)['node:Terra Trigger'].address.owner as string;
}

describe('listening for a test event', () => {
	it('has a destination of its own, and leaves nothing behind', async () => {
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

	it('is cleaned up by the next publication if n8n was killed meanwhile', async () => {
		sandbox.settings.secondDestinationStatus = null;
		await callHook(automatic(), 'create', 'manual');
		await callHook(automatic(), 'create');
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('does not take away what is published while it ends', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create', 'manual');
		sandbox.faults.add({ kind: 'slow', afterMs: 300, method: 'DELETE', times: 1 });
		const ending = callHook(workflow, 'delete', 'manual');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await callHook(workflow, 'create');
		await ending;
		expect(await destinations()).toEqual([{ url: URL, active: true }]);
	});

	it('goes on while the workflow is published', async () => {
		sandbox.settings.secondDestinationStatus = null;
		const workflow = automatic();
		await callHook(workflow, 'create', 'manual');
		await callHook(workflow, 'create');
		expect(await destinations()).toHaveLength(2);
	});

	it('says so where Terra allows only one webhook', async () => {
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

describe('automatic registration fails with what to do, when', () => {
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

	it('n8n tries again, and tidies up in between', async () => {
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

	it('the developer ID is unknown', async () => {
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

	it('Terra has no secret to sign with', async () => {
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

	it('what was created is off', async () => {
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
	])('a change is answered without %s', async (_, before, answer) => {
		const id = `change-${++nodes}`;
		await callHook(automatic({}, { id }), 'create');
		const one = (await allDestinations())[0]!;
		await ask('PATCH', `/${one.id}`, before);
		const body = { config: { url: URL }, ...answer(one.id) };
		sandbox.faults.add({ kind: 'status', status: 200, body, method: 'PATCH' });
		const failure = await failureOf(callHook(automatic({}, { id }), 'create'));
		expect(failure.message).toBe("Terra's Admin API gave an unexpected answer");
	});

	it('nobody is there', async () => {
		const failure = await failureOf(
			callHook(automatic({}, { admin: { baseUrl: 'http://127.0.0.1:9/api' } }), 'create'),
		);
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
		expect(failure.description).toMatch(/ECONNREFUSED/);
	});
});

it('a copy of a workflow, made with its static data, leaves the destination of the original alone', async () => {
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

describe('where a working registration exists, it is kept', () => {
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

	describe('but not where Terra says that nothing is left of it', () => {
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
		])('since somebody has %s it', async (_, method, change) => {
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

		it('since it had to go for another, which failed', async () => {
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

	it('and n8n starts, although the credentials no longer fit', async () => {
		const other = automatic({}, { credential: { devId: 'other-prod' } });
		expect(await callHook(other, 'create', 'init')).toBe(true);
		const without = automatic();
		delete without.node.credentials!.terraAdminApi;
		expect(await callHook(without, 'create', 'init')).toBe(true);
	});

	it('and n8n starts, although nothing is known of it', async () => {
		sandbox.faults.add({ kind: 'status', status: 401, path: /destinations/ });
		expect(await callHook(automatic(), 'create', 'init')).toBe(true);
	});

	it('but not when it was switched off', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await later();
		sandbox.faults.add({ kind: 'status', status: 401, path: /destinations/ });
		const failure = await failureOf(callHook(workflow, 'create'));
		expect(failure.message).toBe('Terra refused the Personal Access Token');
	});
});

it('a workflow can be withdrawn although Terra is down', async () => {
	const workflow = automatic();
	await callHook(workflow, 'create');
	sandbox.faults.add({ kind: 'reset', path: /destinations/ });
	expect(await callHook(workflow, 'delete')).toBe(true);
	await later();
});

it('a start goes on although Terra is down, and the log says so', async () => {
	const workflow = automatic();
	sandbox.faults.add({ kind: 'reset', path: /destinations/ });
	const warnings = await callTrigger(workflow);
	await later();
	expect(warnings).toEqual(['Terra Trigger could not compare its address with the one Terra has']);
});

it('a secret that was rotated at Terra is fetched once, and the delivery accepted', async () => {
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

	it('shows a secret once, which is kept with the workflow', async () => {
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

	it('switches off and on, and makes another destination for another address', async () => {
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
