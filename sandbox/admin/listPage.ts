const DEFAULT_LIMIT = 50;

/** The Admin API's list answer. A cursor is the place of the next item, in base64url. */
export function listPage<T>(
	items: T[],
	query: Record<string, string | undefined>,
	longest: number,
) {
	const wanted = Number(query['limit'] ?? DEFAULT_LIMIT);
	const limit = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, longest) : DEFAULT_LIMIT;
	const start = query['cursor'] ? Number(Buffer.from(query['cursor'], 'base64url').toString()) : 0;
	const from = Number.isInteger(start) ? start : 0;
	const hasMore = from + limit < items.length;
	return {
		data: items.slice(from, from + limit),
		has_more: hasMore,
		next_cursor: hasMore ? Buffer.from(String(from + limit)).toString('base64url') : null,
	};
}

/** A list that always comes whole. */
export function wholeList<T>(items: T[]) {
	return { data: items, has_more: false, next_cursor: null };
}
