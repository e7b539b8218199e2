import { invalid } from './problem';
import type { TimeWindow } from './timeWindow';

type Query = Record<string, string | undefined>;

const DEFAULT_LIMIT = 50;
const LONGEST_PAGE = 200;

/** The Admin API's list answer. The cursor holds the offset of the next item, in base64url. */
export function listPage<T>(items: T[], query: Query, longest = LONGEST_PAGE) {
	const from = positionIn(query)?.from ?? 0;
	const limit = limitOf(query, longest);
	return page(items, from, limit, {});
}

/** A page of a time window. The cursor carries the window, so items that arrive meanwhile do not shift the pages. */
export function listWindow<T>(
	query: Query,
	windowOf: () => TimeWindow,
	itemsIn: (window: TimeWindow) => T[],
) {
	const position = positionIn(query);
	const { since, until } = position ?? windowOf();
	const window = { since, until };
	return page(itemsIn(window), position?.from ?? 0, limitOf(query, LONGEST_PAGE), window);
}

/** A list without paging. */
export function wholeList<T>(items: T[]) {
	return { data: items, has_more: false, next_cursor: null };
}

function page<T>(items: T[], from: number, limit: number, window: object) {
	const next = from + limit;
	const hasMore = next < items.length;
	const cursor = () => Buffer.from(JSON.stringify({ ...window, from: next })).toString('base64url');
	return {
		data: items.slice(from, next),
		has_more: hasMore,
		next_cursor: hasMore ? cursor() : null,
	};
}

function limitOf({ limit }: Query, longest: number): number {
	const requested = Number(limit ?? DEFAULT_LIMIT);
	return Number.isInteger(requested) && requested > 0
		? Math.min(requested, longest)
		: DEFAULT_LIMIT;
}

function positionIn({ cursor }: Query): (TimeWindow & { from: number }) | undefined {
	if (cursor === undefined) return undefined;
	try {
		return JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		throw invalid('cursor', 'is not a valid cursor');
	}
}
