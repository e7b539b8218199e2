import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Terra } from '../../nodes/Terra/Terra.node';
import { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';
import { startSandbox, type Sandbox } from '../../sandbox';
import { adminCredentialFor, credentialFor } from '../support/terra';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(async () => await sandbox.close());
beforeEach(() => sandbox.faults.clear());

/** The message that n8n shows after "Test". */
async function testOf(change: Record<string, unknown> = {}) {
	const context = new CredentialTestContext();
	const credential = {
		id: 'credential-1',
		name: 'Terra',
		type: 'terraApi',
		data: { ...credentialFor(sandbox), ...change },
	} as ICredentialsDecrypted<ICredentialDataDecryptedObject>;
	return await new Terra().methods.credentialTest.testTerraApi.call(context, credential);
}

async function withServer<T>(
	answer: RequestListener,
	use: (url: string) => Promise<T>,
): Promise<T> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

it('both nodes test both credentials in the same way', () => {
	for (const node of [new Terra(), new TerraTrigger()]) {
		expect(node.description.credentials).toMatchObject([
			{ name: 'terraApi', required: true, testedBy: 'testTerraApi' },
			{ name: 'terraAdminApi', testedBy: 'testTerraAdminApi' },
		]);
		const { testTerraApi, testTerraAdminApi } = node.methods.credentialTest;
		for (const test of [testTerraApi, testTerraAdminApi]) expect(test).toBeInstanceOf(Function);
	}
});

describe('the Terra Admin API credential', () => {
	const adminTest = async (change: object = {}) => {
		const context = new CredentialTestContext();
		const data = { ...adminCredentialFor(sandbox), ...change };
		const credential = { id: '2', name: 'Admin', type: 'terraAdminApi', data };
		return await new Terra().methods.credentialTest.testTerraAdminApi.call(context, credential);
	};
	afterEach(() => {
		sandbox.settings.adminVersion = '2026.11';
	});

	it('passes if it is right, including on older deployments', async () => {
		expect(await adminTest()).toMatchObject({ status: 'OK' });
		expect(await adminTest({ token: ` ${sandbox.adminToken}\n` })).toMatchObject({ status: 'OK' });
		sandbox.settings.adminVersion = '2026.09';
		expect(await adminTest()).toMatchObject({ status: 'OK' });
	});

	it.each([
		['a wrong token', { token: 'wrong' }, /refused the token/],
		['another environment', { devId: 'nobody' }, /does not know this Developer ID/],
		['no address', { baseUrl: 'terra' }, /not a web address/],
		['nobody there', { baseUrl: 'http://127.0.0.1:9' }, /cannot be reached.*ECONNREFUSED/],
	])('reports %s', async (_case, change, message) => {
		expect(await adminTest(change)).toEqual({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
	});

	it('reports a missing scope, other environments and an expiry', async () => {
		const needed = ['destinations:read', 'destinations:write', 'keys:read'] as const;
		sandbox.addAdminToken('no-keys', { scopes: ['destinations:read', 'destinations:write'] });
		expect((await adminTest({ token: 'no-keys' })).message).toMatch(/lacks the scope keys:read/);
		sandbox.addAdminToken('elsewhere', { scopes: [...needed], devIds: ['other'] });
		expect((await adminTest({ token: 'elsewhere' })).message).toMatch(/other environments: other/);
		sandbox.addAdminToken('over', { scopes: [...needed], expiresAt: Date.now() - 1 });
		expect((await adminTest({ token: 'over' })).message).toMatch(/expired/);
	});
});

it('a correct credential passes, also with a slash at the end of the address', async () => {
	expect(await testOf()).toEqual({
		status: 'OK',
		message: 'Connection successful! The Signing Secret is checked by the first delivery.',
	});
	expect(await testOf({ baseUrl: `${sandbox.apiBase}/ ` })).toMatchObject({ status: 'OK' });
	expect(sandbox.requests.at(-1)).toMatchObject({
		path: '/api/v2/subscriptions',
		query: { page: '0', per_page: '1' },
	});
});

describe('the credential test explains', () => {
	it.each([
		['a wrong key', { apiKey: 'wrong' }],
		['an ID of another environment', { devId: 'other-env' }],
		['no key', { apiKey: '' }],
	])('%s', async (_case, change) => {
		const { status, message } = await testOf(change);
		expect(status).toBe('Error');
		expect(message).toMatch(/API Key is wrong, or the two belong to different environments/);
		expect(message).not.toContain(sandbox.apiKey);
	});

	it('a Base URL that is not an address', async () => {
		expect((await testOf({ baseUrl: 'tryterra' })).message).toMatch(
			/Base URL is not a web address/,
		);
	});

	it('a host that does not exist', async () => {
		const { message } = await testOf({ baseUrl: 'http://no-such-host.invalid/api/v2' });
		expect(message).toMatch(/There is no host no-such-host\.invalid/);
	});

	it('a host where nothing is listening', async () => {
		const { message } = await testOf({ baseUrl: 'http://127.0.0.1:9/api/v2' });
		expect(message).toMatch(/127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)/);
	});

	it('a connection that is closed', async () => {
		sandbox.faults.add({ kind: 'reset', path: /subscriptions/ });
		expect((await testOf()).message).toMatch(/cannot be reached \(ECONNRESET\)/);
	});

	it.each([
		['a web page', 200, 'text/html', '<html>Welcome</html>'],
		['another API', 200, 'application/json', '{"ok":true}'],
		['a path that is not there', 404, 'application/json', '{"detail":"not found"}'],
		['a redirect', 302, 'text/html', ''],
	])("an address that is not Terra's: %s", async (_case, status, type, body) => {
		const { message } = await withServer(
			(_request, response) => {
				response
					.writeHead(status, { 'content-type': type, location: `${sandbox.apiBase}/` })
					.end(body);
			},
			async (baseUrl) => await testOf({ baseUrl }),
		);
		expect(message).toMatch(/does not lead to Terra's API/);
	});

	it.each([500, 503, 429])('a server error of Terra: %d', async (status) => {
		sandbox.faults.add({ kind: 'status', status, path: /subscriptions/ });
		expect((await testOf()).message).toMatch(`cannot answer just now (status ${status})`);
	});
});
