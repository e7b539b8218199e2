import { invalid } from './problem';
import type { TimeWindow } from './timeWindow';

type Query = Record<string, string | undefined>;

const DEFAULT_LIMIT = 50;
const LONGEST_PAGE = 200;

/** The Admin API's list answer. A cursor is the place of the next item, in base64url. */
export function listPage<T>(items: T[], query: Query, longest = LONGEST_PAGE) {
	const from = placeIn(query)?.from ?? 0;
	const limit = limitOf(query, longest);
	return page(items, from, limit, {});
}

/** The same of a window in time, which the cursor carries: what comes in meanwhile moves nothing. */
export function listWindow<T>(
	query: Query,
	windowOf: () => TimeWindow,
	itemsIn: (window: TimeWindow) => T[],
) {
	const place = placeIn(query);
	const { since, until } = place ?? windowOf();
	const window = { since, until };
	return page(itemsIn(window), place?.from ?? 0, limitOf(query, LONGEST_PAGE), window);
}

/** A list that always comes whole. */
export function wholeList<T>(items: T[]) {
	return { data: items, has_more: false, next_cursor: null };
}

function page<T>(items: T[], from: number, limit: number, carried: object) {
	const next = from + limit;
	const hasMore = next < items.length;
	const cursor = () =>
		Buffer.from(JSON.stringify({ ...carried, from: next })).toString('base64url');
	return {
		data: items.slice(from, next),
		has_more: hasMore,
		next_cursor: hasMore ? cursor() : null,
	};
}

function limitOf({ limit }: Query, longest: number): number {
	const wanted = Number(limit ?? DEFAULT_LIMIT);
	return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, longest) : DEFAULT_LIMIT;
}

function placeIn({ cursor }: Query): (TimeWindow & { from: number }) | undefined {
	if (cursor === undefined) return undefined;
	try {
		return JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		throw invalid('cursor', 'is not one of ours');
	}
}
