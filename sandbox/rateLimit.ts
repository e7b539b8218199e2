const HOUR_MS = 3_600_000;

export type Verdict =
	| { allowed: true; limit: number; remaining: number; resetAfterSeconds: number }
	| { allowed: false; rule: 'r1' }
	| { allowed: false; rule: 'r2'; retryAfterSeconds: number };

/** Terra's rate limits per user, counted in requested days: rule r1 per request, r2 per rolling hour. */
export class RateLimit {
	private readonly spent = new Map<string, Array<{ at: number; days: number }>>();

	/** Charges the days unless that would exceed a limit. */
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
			const enoughAt = this.timeOfUsed(recent, used + days - limits.daysPerHour);
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

	/** When the last of the oldest requests that together used this many days was made. */
	private timeOfUsed(recent: Array<{ at: number; days: number }>, days: number): number {
		let freed = 0;
		for (const entry of recent) {
			freed += entry.days;
			if (freed >= days) return entry.at;
		}
		return recent.at(-1)?.at ?? 0;
	}
}
