import { DAY_MS } from '../dates';
import type { World } from '../world';
import { invalid } from './problem';

type Query = Record<string, string | undefined>;

/** In unix milliseconds; both ends are inclusive. */
export interface TimeWindow {
	since: number;
	until: number;
}

/** From `since` to `until`, by default the last `days.default` days; cut off at the age the log keeps. */
export function windowOf(
	{ since, until }: Query,
	world: World,
	days: { default: number; kept: number },
): TimeWindow {
	const to = until === undefined ? world.now() : timeOf('until', until);
	const from = since === undefined ? to - days.default * DAY_MS : timeOf('since', since);
	if (from > to) throw invalid('since', 'is after until');
	return { since: Math.max(from, world.now() - days.kept * DAY_MS), until: to };
}

export function timeOf(field: string, text: unknown): number {
	const ms = typeof text === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
	if (Number.isNaN(ms)) throw invalid(field, 'must be an RFC 3339 date and time');
	return ms;
}

export function isIn({ since, until }: TimeWindow, ms: number): boolean {
	return since <= ms && ms <= until;
}
