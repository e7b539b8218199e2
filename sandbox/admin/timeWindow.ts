import { DAY_MS } from '../dates';
import type { World } from '../world';
import { invalid } from './problem';

type Query = Record<string, string | undefined>;

/** Both ends belong to it, in unix milliseconds. */
export interface TimeWindow {
	since: number;
	until: number;
}

/** `since` and `until`, or the last days; what is older than the log is not in it. */
export function windowOf(
	{ since, until }: Query,
	world: World,
	days: { usual: number; kept: number },
): TimeWindow {
	const to = until === undefined ? world.now() : timeOf('until', until);
	const from = since === undefined ? to - days.usual * DAY_MS : timeOf('since', since);
	if (from > to) throw invalid('since', 'lies after until');
	return { since: Math.max(from, world.now() - days.kept * DAY_MS), until: to };
}

export function timeOf(field: string, text: unknown): number {
	const ms = typeof text === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
	if (Number.isNaN(ms)) throw invalid(field, 'must be a date and time as in RFC 3339');
	return ms;
}

export function isIn({ since, until }: TimeWindow, ms: number): boolean {
	return since <= ms && ms <= until;
}
