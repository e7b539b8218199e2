import { DAY_MS } from '../dates';
import { recordsOf } from '../records';
import type { TerraUser } from '../types';
import { DATA_TYPES } from '../types';
import type { World } from '../world';
import type { Answer, Call, Endpoint } from './endpoint';
import { ENVIRONMENT } from './endpoint';
import { isUuid } from './eventFilter';
import { listPage, wholeList } from './listPage';
import { AdminProblem, invalid } from './problem';
import { knownSlug, slugOf } from './providers';
import { timeOf } from './timeWindow';

const LONGEST_DATA_DAYS = 31;
const USUAL_DATA_DAYS = 7;
const LONGEST_SEARCH = 50;
const since = '2026.10';

/** Who is connected, with what, and what Terra has of them. */
export const userEndpoints: Endpoint[] = [
	{
		since,
		method: 'GET',
		path: `${ENVIRONMENT}/unified-api/sources`,
		scopes: ['providers:read'],
		run: listSources,
	},
	{
		since,
		method: 'GET',
		path: `${ENVIRONMENT}/users`,
		scopes: ['connections:read'],
		run: listUsers,
	},
	{
		since,
		method: 'GET',
		path: `${ENVIRONMENT}/users/:userId/data`,
		scopes: ['payloads:read'],
		run: storedData,
	},
];

function listSources({ world }: Call): Answer {
	const rows = world.enabledProviders().map((provider) => ({
		provider: slugOf(provider),
		active: true,
		auth_redirect_url: '',
	}));
	return { status: 200, body: wholeList(rows) };
}

function listUsers({ world, query }: Call): Answer {
	const passes = userFilter(query);
	const rows = world.users
		.filter(passes)
		.sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
		.map((user) => shown(world, user));
	if (query['q'] === undefined || world.settings.adminVersion < '2026.11')
		return { status: 200, body: listPage(rows, query) };
	// A search has no pages: more than these means that it must be narrowed.
	const found = { data: rows.slice(0, LONGEST_SEARCH), has_more: rows.length > LONGEST_SEARCH };
	return { status: 200, body: { ...found, next_cursor: null } };
}

function userFilter(query: Call['query']): (user: TerraUser) => boolean {
	const { active, user_id: userId, reference_id: referenceId, q } = query;
	const provider = query['provider'] === undefined ? undefined : knownSlug(query['provider']);
	const from = bound(query, 'created_since', 'since') ?? -Infinity;
	const until = bound(query, 'created_until', 'until') ?? Infinity;
	return (user) =>
		(provider === undefined || slugOf(user.provider) === provider) &&
		(active === undefined || String(user.active) === active) &&
		(userId === undefined || user.user_id === userId) &&
		(referenceId === undefined || user.reference_id === referenceId) &&
		(q === undefined || user.user_id === q || (user.reference_id ?? '').startsWith(q)) &&
		Date.parse(user.created_at) >= from &&
		Date.parse(user.created_at) <= until;
}

/** Two names for one bound, which must agree. */
function bound(query: Call['query'], name: string, synonym: string): number | undefined {
	const { [name]: text, [synonym]: other } = query;
	if (text !== undefined && other !== undefined && text !== other)
		throw invalid(name, `differs from ${synonym}`);
	const given = text ?? other;
	return given === undefined ? undefined : timeOf(name, given);
}

function shown(world: World, user: TerraUser) {
	const latest = world.connectionOf(user.user_id).history.all().at(-1)?.metadata.end_time;
	return {
		user_id: user.user_id,
		reference_id: user.reference_id,
		provider: slugOf(user.provider),
		active: user.active,
		created_at: isoOf(user.created_at),
		last_updated_at: isoOf(user.last_webhook_update),
		most_recent_data_at: isoOf(latest),
		...(world.settings.adminVersion >= '2026.11' && { scopes: [] }),
	};
}

function isoOf(time: string | null | undefined): string | null {
	return time === null || time === undefined ? null : new Date(time).toISOString();
}

/** Never asks the provider, and needs no destination. */
function storedData({ world, params, query }: Call): Answer {
	const { userId } = params;
	const type = DATA_TYPES.find((known) => known === query['data_type']);
	if (!type) throw invalid('data_type', `must be one of ${DATA_TYPES.join(', ')}`);
	if (!isUuid(userId)) throw invalid('user_id', 'must be a UUID');
	const connection = world.find(userId);
	if (!connection) throw new AdminProblem('not_found', 'user not found');
	const { since: first, until } = query;
	const end = until === undefined ? world.now() : timeOf('until', until);
	const start = first === undefined ? end - USUAL_DATA_DAYS * DAY_MS : timeOf('since', first);
	if (start > end) throw invalid('since', 'lies after until');
	if (end - start > LONGEST_DATA_DAYS * DAY_MS) throw invalid('since', 'more than 31 days');
	const withSamples = query['samples'] !== 'false' && world.hasSamples(type);
	const data = recordsOf(connection, type, { start, end }, withSamples);
	return { status: 200, body: { user: connection.user, data, type } };
}
