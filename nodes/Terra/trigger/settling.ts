import { putLast } from '../inbox';
import { asText } from '../terra/json';
import { instant, parseTime } from '../terra/times';
import { clock, type User } from '../transport';
import type { Candidate } from './candidates';
import { HOUR_MS, MINUTE_MS } from '../terra/durations';

/** Far more rides than change within some minutes. */
const MAX_UNSETTLED = 100_000;
/** How long after a delivery to ask about its athlete. The next full pass finds a ride that changes later. */
const RECENT_MS = HOUR_MS;

/** Which records have not changed for a while. Nothing is kept across a restart: then all are checked afresh. */
export class Settling {
	/** Since when, by record and version: two connections of a person may each have a version that does not change. */
	private readonly seen = new Map<string, number>();
	/** Athletes with records that have not settled, and until when to ask about them. */
	private readonly waiting = new Map<string, number>();

	constructor(private readonly unchangedMs: number) {}

	/** How often to look. */
	get everyMs(): number {
		return Math.min(5 * MINUTE_MS, Math.max(MINUTE_MS, this.unchangedMs / 3));
	}

	/** Whether Terra has sent an athlete's data lately, or some of it has not settled. */
	isDue({ user_id, last_webhook_update }: User): boolean {
		const now = clock.now();
		if ((this.waiting.get(user_id) ?? 0) > now) return true;
		if (last_webhook_update === undefined) return true;
		const time = parseTime(asText(last_webhook_update));
		return time !== null && instant(time, 0) > now - this.unchangedMs - RECENT_MS;
	}

	isSettled({ key, version, event }: Candidate): boolean {
		const now = clock.now();
		const known = `${key} ${version}`;
		const since = this.seen.get(known) ?? now;
		putLast(this.seen, known, since, MAX_UNSETTLED);
		const isSettled = now - since >= this.unchangedMs;
		const { user_id } = event.body.user as User;
		if (!isSettled)
			putLast(this.waiting, user_id, since + this.unchangedMs + HOUR_MS, MAX_UNSETTLED);
		return isSettled;
	}
}
