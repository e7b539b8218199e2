import { createHash } from 'node:crypto';
import type { Answer, Call, Endpoint } from './endpoint';

/** Describes the access token: its owner, environments and scopes. */
export const accountEndpoints: Endpoint[] = [
	{ method: 'GET', path: '/me', scopes: [], since: '2026.10', run: me },
];

function me({ token }: Call): Answer {
	const { scopes, devIds, name, createdAt, expiresAt, lastUsedAt } = token;
	return {
		status: 200,
		body: {
			token_id: `tok_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`,
			kind: 'admin',
			customer_id: 'cus_sandbox',
			scopes,
			dev_ids: devIds,
			name,
			created_via: 'dashboard',
			expires_at: time(expiresAt),
			grant_anchor_at: time(createdAt),
			last_used_at: time(lastUsedAt),
			user: scopes.includes('account:read')
				? { id: 'usr_sandbox', email: 'coach@example.com', role: 'owner' }
				: null,
		},
	};
}

/** Null for a token that never expires or was never used. */
function time(ms: number | null): string | null {
	return ms === null || ms === Infinity ? null : new Date(ms).toISOString();
}
