import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import { sampleEvents, startSandbox, type Sandbox } from '../../sandbox';
import { callHook, workflowOf } from '../support/n8nCore';
import { credentialFor, startTrigger } from '../support/terra';

const URL = 'http://n8n.test/webhook/webhook-1/webhook';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => await sandbox.close());

/** A workflow whose trigger registers itself; the same one can be published again with other parameters. */
function automatic(
	parameters: IDataObject = {},
	credential: IDataObject = {},
	staticData: IDataObject = {},
) {
	return workflowOf(
		{
			type: 'terraTrigger',
			parameters: { registration: 'automatic', ...parameters } as never,
			credential: { ...credentialFor(sandbox), ...credential },
		},
		{ staticData },
	);
}

/** What Terra has, asked with a token that may read everything. */
async function destinations(devId = sandbox.devId) {
	const response = await fetch(
		`${sandbox.adminBase}/environments/${devId}/unified-api/destinations`,
		{ headers: { authorization: `Bearer ${sandbox.adminToken}` } },
	);
	const { data } = (await response.json()) as { data: any[] };
	return data.map(({ url, active, event_types }) => ({ url, active, event_types }));
}

/** Somebody removes them by hand in Terra's dashboard. */
async function removeAll() {
	const url = `${sandbox.adminBase}/environments/${sandbox.devId}/unified-api/destinations`;
	const headers = { authorization: `Bearer ${sandbox.adminToken}` };
	const { data } = (await (await fetch(url, { headers })).json()) as { data: any[] };
	for (const { id } of data) await fetch(`${url}/${id}`, { method: 'DELETE', headers });
}

async function createElsewhere(url: string) {
	await fetch(`${sandbox.adminBase}/environments/${sandbox.devId}/unified-api/destinations`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.adminToken}`, 'content-type': 'application/json' },
		body: JSON.stringify({ url, type: 'webhook' }),
	});
}

const failureOf = async (promise: Promise<unknown>) =>
	(await promise.then(
		() => Promise.reject(new Error('It was accepted')),
		(error: unknown) => error,
	)) as NodeOperationError;

describe('by hand', () => {
	const byHand = (signingSecrets: string, options = {}) =>
		workflowOf({
			type: 'terraTrigger',
			parameters: { options },
			credential: { ...credentialFor(sandbox), signingSecrets },
		});

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
});

describe('automatically', () => {
	it('publishing creates a destination with exactly the chosen events, whose deliveries are accepted', async () => {
		const staticData: IDataObject = {};
		const events = ['activity', 'auth', 'large_request'];
		await callHook(automatic({ events }, {}, staticData), 'create');
		expect(await destinations()).toEqual([
			{
				url: URL,
				active: true,
				event_types: ['activity', 'auth', 'large_request_processing', 'large_request_sending'],
			},
		]);

		// No secret was typed into the credential: the one that Terra showed once must do.
		const { signingSecret } = (staticData['node:Terra Trigger'] as any).registration;
		const trigger = await startTrigger(
			{ registration: 'automatic' },
			{ staticData, credential: { signingSecrets: '' } },
		);
		const { activity } = sampleEvents();
		expect(await trigger.send(activity!, { secret: signingSecret })).toMatchObject({
			text: 'started',
		});
		expect(await trigger.send(activity!, { secret: 'another' })).toMatchObject({ status: 401 });
		await trigger.close();
	});

	it('Any Event asks for all', async () => {
		await callHook(automatic({ events: ['*', 'activity'] }), 'create');
		expect(sandbox.requests.at(-1)).toMatchObject({ method: 'POST', status: 201 });
		expect(await destinations()).toMatchObject([{ url: URL, active: true }]);
	});

	it('publishing again, as n8n does after failures and restarts, changes nothing', async () => {
		const workflow = automatic();
		for (const mode of ['activate', 'init', 'update'] as const)
			await callHook(workflow, 'create', mode);
		expect(await destinations()).toHaveLength(1);
		expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it('other events change the destination and keep its secret', async () => {
		const staticData: IDataObject = {};
		await callHook(automatic({}, {}, staticData), 'create');
		const before = (staticData['node:Terra Trigger'] as any).registration;
		await callHook(automatic({ events: ['sleep'] }, {}, staticData), 'create');
		const after = (staticData['node:Terra Trigger'] as any).registration;
		expect(await destinations()).toEqual([{ url: URL, active: true, event_types: ['sleep'] }]);
		expect(after).toMatchObject({ id: before.id, signingSecret: before.signingSecret });
	});

	it('withdrawing switches it off, publishing switches it on again', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		await callHook(workflow, 'delete');
		expect(await destinations()).toMatchObject([{ active: false }]);
		await callHook(workflow, 'create');
		expect(await destinations()).toMatchObject([{ active: true }]);
	});

	it('a destination that somebody removed at Terra is created again', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await removeAll();
		await callHook(workflow, 'create');
		expect(await destinations()).toMatchObject([{ url: URL, active: true }]);
	});

	it('after a change of URL the old destination goes', async () => {
		const staticData: IDataObject = {};
		await callHook(automatic({}, {}, staticData), 'create');
		const moved = automatic({}, {}, staticData);
		moved.node.webhookId = 'webhook-2';
		await callHook(moved, 'create');
		expect((await destinations()).map(({ url }) => url)).toEqual([
			'http://n8n.test/webhook/webhook-2/webhook',
		]);
	});

	it("another workflow's destination is never touched", async () => {
		sandbox.settings.secondDestinationStatus = null;
		await createElsewhere('https://elsewhere.example/webhook');
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
		expect(await destinations()).toMatchObject([
			{ url: 'https://elsewhere.example/webhook', active: true },
			{ url: URL, active: false },
		]);
	});

	it('listening for a test event uses the test URL, and leaves nothing behind', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create', 'manual');
		expect(await destinations()).toMatchObject([
			{ url: 'http://n8n.test/webhook-test/webhook-1/webhook', active: true },
		]);
		await callHook(workflow, 'delete', 'manual');
		expect(await destinations()).toEqual([]);
	});
});

describe('automatic registration fails with what to do, when', () => {
	it('there is no token', async () => {
		const failure = await failureOf(callHook(automatic({}, { adminToken: '' }), 'create'));
		expect(failure.message).toBe('The Personal Access Token is missing');
		expect(failure.description).toMatch(/destinations:write/);
	});

	it('the token has expired', async () => {
		sandbox.addAdminToken('expired-example', { expiresAt: Date.now() - 1 });
		const failure = await failureOf(
			callHook(automatic({}, { adminToken: 'expired-example' }), 'create'),
		);
		expect(failure.message).toBe('Terra refused the Personal Access Token');
		expect(failure.description).toMatch(/90 days.*Terra says: \w/);
		expect(failure.description).not.toContain('expired-example');
	});

	it('the token lacks a scope', async () => {
		sandbox.addAdminToken('reader-example', { scopes: ['destinations:read'] });
		const failure = await failureOf(
			callHook(automatic({}, { adminToken: 'reader-example' }), 'create'),
		);
		expect(failure.message).toBe('The Personal Access Token may not manage destinations');
	});

	it.each([403, 409] as const)('a second destination is refused with %d', async (status) => {
		sandbox.settings.secondDestinationStatus = status;
		await createElsewhere('https://elsewhere.example/webhook');
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe('Terra refused to create another destination');
		expect(failure.description).toMatch(/one webhook for an environment/);
	});

	it('the developer ID is unknown', async () => {
		const failure = await failureOf(callHook(automatic({}, { devId: 'nobody' }), 'create'));
		expect(failure.message).toBe('Terra does not know this Developer ID');
	});

	it.each([500, 503])('Terra answers %d', async (status) => {
		sandbox.faults.add({ kind: 'status', status, path: /destinations/ });
		const failure = await failureOf(callHook(automatic(), 'create'));
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
	});

	it('nobody is there', async () => {
		const failure = await failureOf(
			callHook(automatic({}, { adminBaseUrl: 'http://127.0.0.1:9/api' }), 'create'),
		);
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
		expect(failure.description).toMatch(/ECONNREFUSED/);
	});
});

it('a copy of a workflow, made with its static data, leaves the destination of the original alone', async () => {
	const staticData: IDataObject = {};
	const original = automatic({}, {}, staticData);
	await callHook(original, 'create');
	const copy = automatic({}, {}, JSON.parse(JSON.stringify(staticData)));
	copy.workflow.id = 'a copy';
	await callHook(copy, 'delete');
	expect(await destinations()).toMatchObject([{ url: URL, active: true }]);
});

describe('where a working registration exists, it is kept', () => {
	it.each([401, 403, 500])('although Terra answers %d', async (status) => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		sandbox.faults.add({ kind: 'status', status, path: /destinations/ });
		expect(await callHook(workflow, 'create', 'init')).toBe(true);
	});

	it('but not when it lacks the events that are wanted now', async () => {
		const staticData: IDataObject = {};
		await callHook(automatic({}, {}, staticData), 'create');
		sandbox.faults.add({ kind: 'status', status: 500, path: /destinations/ });
		const failure = await failureOf(
			callHook(automatic({ events: ['sleep'] }, {}, staticData), 'create'),
		);
		expect(failure.message).toBe("Terra's Admin API cannot be reached");
	});

	it('nor when it was switched off', async () => {
		const workflow = automatic();
		await callHook(workflow, 'create');
		await callHook(workflow, 'delete');
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
});
