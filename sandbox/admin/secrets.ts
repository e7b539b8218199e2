import { makeSecret } from '../webhooks/destinations';
import type { Answer, Call, Endpoint } from './endpoint';
import { DESTINATION, dryRunAnswer, ENVIRONMENT } from './endpoint';
import { find } from './find';
import { AdminProblem } from './problem';

/** Reading and rotating the signing secrets. */
export const secretEndpoints: Endpoint[] = [
	{
		method: 'GET',
		path: `${DESTINATION}/secrets`,
		scopes: ['keys:read'],
		since: '2026.10',
		run: reveal,
	},
	{
		method: 'POST',
		path: `${DESTINATION}/signing-secret/rotate`,
		scopes: ['destinations:write', 'keys:write'],
		since: '2026.11',
		run: rotate,
	},
	{
		method: 'GET',
		path: `${ENVIRONMENT}/api-key`,
		scopes: ['keys:read'],
		since: '2026.10',
		run: revealEnvironment,
	},
];

/** A null secret means that the environment's secret signs. */
function reveal(call: Call): Answer {
	const { id, signingSecret } = find(call);
	return {
		status: 200,
		body: { id, type: 'webhook', secrets: { signing_secret: signingSecret } },
	};
}

function revealEnvironment({ world }: Call): Answer {
	const { devId, apiKey, signingSecret } = world.options;
	return { status: 200, body: { dev_id: devId, api_key: apiKey, signing_secret: signingSecret } };
}

/** Terra does not say when the old secret stops working; here it stops at once. */
function rotate(call: Call): Answer {
	const destination = find(call);
	const { id } = destination;
	if (destination.signingSecret === null)
		throw new AdminProblem('conflict', "the environment's secret signs for this destination");
	if (call.dryRun) return dryRunAnswer('rotate', { id, will_return_signing_secret: true });
	destination.signingSecret = makeSecret();
	const shown = { id, type: 'webhook' };
	return {
		status: 200,
		body: { ...shown, signing_secret: destination.signingSecret },
		repeated: { ...shown, signing_secret: null },
	};
}
