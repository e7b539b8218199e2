import type { ColumnInfo } from '../../rows/columns';
import type { JsonObject } from '../../terra/json';
import { instant, parseTime } from '../../terra/times';
import { clock, type User } from '../../transport';
import { DAY_MS } from '../../terra/durations';

/** What we add to what Terra says about a connection. */
export const FRESHNESS_COLUMNS: readonly ColumnInfo[] = [
	{
		name: 'last_data_at',
		description: 'When data last arrived, in UTC; empty if Terra knows of none',
	},
	{
		name: 'days_without_data',
		description: 'Whole days since then, or since connecting if none ever arrived',
		type: 'number',
	},
];

/** A connection, with how long it has been silent. Of Terra's two times for that the later one counts. */
export function withFreshness(user: User): JsonObject {
	const { most_recent_data_at, last_webhook_update, created_at } = user;
	const times = [most_recent_data_at, last_webhook_update].map(msOf).filter((ms) => ms !== null);
	const last = times.length > 0 ? Math.max(...times) : null;
	const since = last ?? msOf(created_at);
	return {
		...user,
		last_data_at: last === null ? null : new Date(last).toISOString(),
		days_without_data:
			since === null ? null : Math.max(0, Math.floor((clock.now() - since) / DAY_MS)),
	};
}

/** Terra's own times are in UTC, even if they do not say so. */
function msOf(value: unknown): number | null {
	const time = parseTime(value);
	return time && instant(time, 0);
}
