import type { ColumnInfo } from '../../rows/columns';
import { FRESHNESS_COLUMNS } from './freshness';

/** What Terra says about a connection. */
export const USER_COLUMNS: readonly ColumnInfo[] = [
	{ name: 'user_id', description: "Terra's ID of the connection" },
	{ name: 'provider', description: 'What is connected, such as XERT' },
	{ name: 'reference_id', description: 'Your own ID for the person, given when connecting' },
	{ name: 'active', description: 'Whether the connection works', type: 'boolean' },
	{ name: 'scopes', description: 'What the athlete permits' },
	{ name: 'created_at', description: 'When it was connected' },
	{ name: 'last_webhook_update', description: 'When Terra last sent data of it to your webhook' },
	...FRESHNESS_COLUMNS,
];
