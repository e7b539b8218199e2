import type { IWebhookFunctions } from 'n8n-workflow';
import { signingSecrets } from '../../../nodes/Terra/trigger/secrets';

let now: number;
let node = 0;
beforeEach(() => {
	now = 1_795_254_073_000;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	node++;
});
afterEach(() => jest.restoreAllMocks());

/** A trigger node of its own for each test, with the given credential. */
function contextOf(getCredentials: () => Promise<object>, credential = 'credential', own?: string) {
	return {
		getCredentials,
		getNode: () => ({ id: `node-${node}`, credentials: { terraApi: { id: credential } } }),
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowStaticData: () => (own ? { registration: { signingSecret: own } } : {}),
	} as unknown as IWebhookFunctions;
}

it('a flood of deliveries asks n8n for the credential once a second', async () => {
	const getCredentials = jest.fn(async () => ({ signingSecrets: 'one, two' }));
	const context = contextOf(getCredentials);
	const all = await Promise.all(Array.from({ length: 100 }, () => signingSecrets(context).known()));
	expect(new Set(all.map(String))).toEqual(new Set(['one,two']));
	now += 999;
	await signingSecrets(context).known();
	expect(getCredentials).toHaveBeenCalledTimes(1);
});

it('a removed secret is accepted for at most a second', async () => {
	let signingSecretsText = 'old';
	const context = contextOf(async () => ({ signingSecrets: signingSecretsText }));
	await signingSecrets(context).known();
	signingSecretsText = 'new';
	now += 1_000;
	expect(await signingSecrets(context).known()).toEqual(['new']);
});

it('a change to another credential takes effect at once', async () => {
	await signingSecrets(contextOf(async () => ({ signingSecrets: 'one' }))).known();
	const other = contextOf(async () => ({ signingSecrets: 'two' }), 'other credential');
	expect(await signingSecrets(other).known()).toEqual(['two']);
});

it('a failure is retried at once', async () => {
	const getCredentials = jest
		.fn(async () => ({ signingSecrets: 'one' }))
		.mockRejectedValueOnce(new Error('The database is away'));
	const context = contextOf(getCredentials);
	await expect(signingSecrets(context).known()).rejects.toThrow('The database is away');
	expect(await signingSecrets(context).known()).toEqual(['one']);
});

it("the secret of the node's own destination is used as well", async () => {
	const context = contextOf(async () => ({}), 'credential', 'own');
	expect(await signingSecrets(context).known()).toEqual(['own']);
});

describe("the environment's secret in the Admin API credential", () => {
	let stored: { signingSecret: string };
	let asked: number;
	let rotated: string;
	let credentials = 0;
	beforeEach(() => {
		stored = { signingSecret: 'first' };
		rotated = 'second';
		asked = 0;
		credentials++;
	});
	const context = () =>
		({
			...contextOf(async () => ({})),
			getCredentials: async (type: string) =>
				type === 'terraApi'
					? { signingSecrets: 'typed' }
					: { baseUrl: 'http://admin.test', devId: 'dev', ...stored },
			getNode: () => ({
				id: `node-${node}`,
				credentials: { terraApi: { id: 'a' }, terraAdminApi: { id: `admin-${credentials}` } },
			}),
			helpers: {
				httpRequestWithAuthentication: async () => {
					asked++;
					stored.signingSecret = rotated;
				},
			},
		}) as unknown as IWebhookFunctions;

	it('is used beside those that were typed', async () => {
		expect(await signingSecrets(context()).known()).toEqual(['typed', 'first']);
	});

	it('is fetched again at most once a minute, however many wrong signatures arrive', async () => {
		const renew = async () => await signingSecrets(context()).renewed();
		expect(await renew()).toEqual(['typed', 'second']);
		expect(await Promise.all(Array.from({ length: 50 }, renew))).toEqual(Array(50).fill(undefined));
		expect(asked).toBe(1);
		now += 60_000;
		rotated = 'third';
		expect(await renew()).toEqual(['typed', 'third']);
		expect(asked).toBe(2);
	});

	it('does not block a delivery if n8n refuses the credential', async () => {
		// As after a change to By Hand: the node still has the credential, but n8n no longer returns it.
		const refused = {
			...context(),
			getCredentials: async (type: string) =>
				type === 'terraApi'
					? { signingSecrets: 'typed' }
					: await Promise.reject(new Error('Credentials not found')),
		} as unknown as IWebhookFunctions;
		expect(await signingSecrets(refused).known()).toEqual(['typed']);
		expect(await signingSecrets(refused).renewed()).toEqual(['typed']);
	});

	it('is not fetched if there is no such credential', async () => {
		const typed = contextOf(async () => ({ signingSecrets: 'typed' }));
		expect(await signingSecrets(typed).renewed()).toBeUndefined();
	});
});
