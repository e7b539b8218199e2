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

/** A trigger node of its own for each test, and what its credential holds. */
function contextOf(getCredentials: () => Promise<object>, credential = 'credential', own?: string) {
	return {
		getCredentials,
		getNode: () => ({ id: `node-${node}`, credentials: { terraApi: { id: credential } } }),
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowStaticData: () => (own ? { registration: { signingSecret: own } } : {}),
	} as unknown as IWebhookFunctions;
}

it('a flood asks n8n for the credential once a second', async () => {
	const getCredentials = jest.fn(async () => ({ signingSecrets: 'one, two' }));
	const context = contextOf(getCredentials);
	const all = await Promise.all(Array.from({ length: 100 }, () => signingSecrets(context)));
	expect(new Set(all.map(String))).toEqual(new Set(['one,two']));
	now += 999;
	await signingSecrets(context);
	expect(getCredentials).toHaveBeenCalledTimes(1);
});

it('a secret that was taken away counts no longer than a second', async () => {
	let signingSecretsText = 'old';
	const context = contextOf(async () => ({ signingSecrets: signingSecretsText }));
	await signingSecrets(context);
	signingSecretsText = 'new';
	now += 1_000;
	expect(await signingSecrets(context)).toEqual(['new']);
});

it('another credential counts at once', async () => {
	await signingSecrets(contextOf(async () => ({ signingSecrets: 'one' })));
	const other = contextOf(async () => ({ signingSecrets: 'two' }), 'other credential');
	expect(await signingSecrets(other)).toEqual(['two']);
});

it('a failure is tried again at once', async () => {
	const getCredentials = jest
		.fn(async () => ({ signingSecrets: 'one' }))
		.mockRejectedValueOnce(new Error('The database is away'));
	const context = contextOf(getCredentials);
	await expect(signingSecrets(context)).rejects.toThrow('The database is away');
	expect(await signingSecrets(context)).toEqual(['one']);
});

it("the secret of the node's own destination counts, too", async () => {
	expect(await signingSecrets(contextOf(async () => ({}), 'credential', 'own'))).toEqual(['own']);
});
