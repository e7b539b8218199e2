import type { PassResult } from './pass';

/** What a pass left out, in words for n8n's log and for Check Set-Up: never anything about an athlete or a ride. */
export function describePass({ unknown, leftOut, reachedBackTo }: PassResult): {
	warnings: string[];
	/** That n8n does not remember for long enough; it is so after each start where there are many rides. */
	shortfall?: string;
} {
	const { athletes, reason, unnamed, unreadable } = unknown;
	const warnings = [
		athletes > 0 &&
			`Terra could not be asked about ${athletes} of the athletes: ${reason?.message}.`,
		unnamed > 0 && `Terra's list has ${unnamed} without an ID, who cannot be asked about.`,
		unreadable > 0 && `${unreadable} of the records could not be read, and were left out.`,
	].filter((warning) => warning !== false);
	if (leftOut === 0) return { warnings };

	const since = new Date(reachedBackTo).toISOString().slice(0, 16).replace('T', ' ');
	return {
		warnings,
		shortfall: `n8n no longer knows whether ${leftOut} of the records that ended before ${since} UTC have run, and they were left out.`,
	};
}
