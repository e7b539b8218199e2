import { clock, TerraError, type RateBudget } from '../transport';
import { HOUR_MS } from '../terra/durations';

/** Terra's rule r1: the longest request, in days. */
export const MAX_DAYS_PER_REQUEST = 1_825;

/** Terra's rule r2: days requested for one user in a rolling hour. */
const MAX_DAYS_PER_HOUR = 6_000;

/**
 * The days that may still be requested for one user. It counts what was spent here, and heeds Terra's headers too:
 * other executions spend from the same budget.
 *
 * Times are unix milliseconds, durations milliseconds.
 */
export class DayBudget {
	private spent: Array<{ at: number; days: number }> = [];

	private reported?: { remaining: number; until: number };

	/** How long to wait until this many days may be requested. */
	waitFor(days: number, now: number): number {
		return Math.max(this.waitByOwnCount(days, now), this.waitByTerra(days, now));
	}

	spend(days: number, now: number): void {
		this.spent.push({ at: now, days });
		if (this.reported) this.reported.remaining -= days;
	}

	/** Reads an answer's `X-Terra-RateLimit-*` headers. */
	learn(headers: Record<string, unknown>, now: number): void {
		const remaining = Number(headers['x-terra-ratelimit-remaining'] ?? NaN);
		const seconds = Number(headers['x-terra-ratelimit-reset-after'] ?? NaN);
		if (!Number.isFinite(remaining) || !Number.isFinite(seconds)) return;
		this.reported = { remaining, until: now + seconds * 1000 };
	}

	private waitByOwnCount(days: number, now: number): number {
		this.spent = this.spent.filter(({ at }) => at + HOUR_MS > now);
		let left = MAX_DAYS_PER_HOUR - this.spent.reduce((sum, entry) => sum + entry.days, 0);
		for (const entry of this.spent) {
			if (left >= days) break;
			left += entry.days;
			if (left >= days) return entry.at + HOUR_MS - now;
		}
		return 0;
	}

	private waitByTerra(days: number, now: number): number {
		if (!this.reported || this.reported.until <= now) return 0;
		return this.reported.remaining >= days ? 0 : this.reported.until - now;
	}
}

const BUDGET_SPENT = new TerraError(
	'Terra returns at most 6,000 days for one athlete in an hour',
	"Choose fewer days, try again in an hour, or allow a longer 'Longest Wait' under Options.",
);

/** What a request for this many days takes from a user's budget. */
export function budgetFor(budget: DayBudget, days: number): RateBudget {
	return {
		waitMs: () => budget.waitFor(days, clock.now()),
		spend: () => budget.spend(days, clock.now()),
		learn: (headers) => budget.learn(headers, clock.now()),
		error: BUDGET_SPENT,
	};
}
