const HOUR_MS = 3_600_000;

export type Verdict =
	| { allowed: true; limit: number; remaining: number; resetAfterSeconds: number }
	| { allowed: false; rule: 'r1' }
	| { allowed: false; rule: 'r2'; retryAfterSeconds: number };

/** Terra's limits per user, counted in requested days: r1 for one request, r2 for a rolling hour. */
export class RateLimit {
	private readonly spent = new Map<string, Array<{ at: number; days: number }>>();

	/** Spends the days, unless a rule forbids it. */
	spend(
		userId: string,
		days: number,
		now: number,
		limits: { daysPerRequest: number; daysPerHour: number },
	): Verdict {
		if (days > limits.daysPerRequest) return { allowed: false, rule: 'r1' };

		const recent = (this.spent.get(userId) ?? []).filter((entry) => entry.at > now - HOUR_MS);
		const used = recent.reduce((sum, entry) => sum + entry.days, 0);
		if (used + days > limits.daysPerHour) {
			const enoughAt = this.whenFree(recent, used + days - limits.daysPerHour);
			this.spent.set(userId, recent);
			return {
				allowed: false,
				rule: 'r2',
				retryAfterSeconds: Math.max(1, Math.ceil((enoughAt + HOUR_MS - now) / 1000)),
			};
		}

		recent.push({ at: now, days });
		this.spent.set(userId, recent);
		return {
			allowed: true,
			limit: limits.daysPerHour,
			remaining: limits.daysPerHour - used - days,
			resetAfterSeconds: Math.ceil(((recent[0]?.at ?? now) + HOUR_MS - now) / 1000),
		};
	}

	/** When the oldest requests that together hold so many days were made. */
	private whenFree(recent: Array<{ at: number; days: number }>, days: number): number {
		let freed = 0;
		for (const entry of recent) {
			freed += entry.days;
			if (freed >= days) return entry.at;
		}
		return recent.at(-1)?.at ?? 0;
	}
}
