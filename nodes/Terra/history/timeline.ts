import { addDays, type DateWindow, type Order } from '../terra/days';
import type { RecordTimes } from '../terra/recordTimes';

interface Entry<T> {
	key: string | undefined;
	/** Unix milliseconds; undefined, and sorted last, if the record does not say. */
	at: number | undefined;
	day: string | undefined;
	value: T;
}

type Start = Pick<RecordTimes, 'startInstant' | 'day'>;

/**
 * Collects records from windows, of one athlete or several, each record once and in the order of their start.
 * It holds no more than twice the limit.
 */
export class Timeline<T> {
	private byKey = new Map<unknown, Entry<T>>();

	constructor(
		private readonly order: Order,
		private readonly limit = Infinity,
	) {}

	/** A record that comes again replaces the earlier one: Terra's later version contains everything that it had. */
	add(key: string | undefined, { startInstant, day }: Start, value: T): void {
		const entry = { key, at: startInstant, day, value };
		this.byKey.set(key ?? entry, entry);
		if (this.byKey.size >= 2 * this.limit) this.trim();
	}

	/** Whether a record with this start would be among the first `limit` so far. */
	hasRoomFor({ startInstant: at }: Start): boolean {
		if (this.byKey.size < this.limit) return true;
		const last = this.sorted()[this.limit - 1]!.at;
		if (at === undefined || last === undefined) return at !== undefined;
		return this.order === 'newest' ? at >= last : at <= last;
	}

	/**
	 * Whether no record after this window can still be among the first `limit`. Windows end at midnight UTC, so by the
	 * athlete's own day a later record can lie up to a day inside this one.
	 */
	isFullAfter({ start_date, end_date }: DateWindow): boolean {
		if (this.byKey.size < this.limit) return false;
		let settled = 0;
		for (const { day } of this.byKey.values()) {
			if (day === undefined) continue;
			if (this.order === 'newest' ? day > start_date : day < addDays(end_date, -1)) settled++;
		}
		return settled >= this.limit;
	}

	list(): Array<{ key: string | undefined; value: T }> {
		return this.sorted().slice(0, this.limit);
	}

	private trim(): void {
		const kept = this.sorted().slice(0, this.limit);
		this.byKey = new Map(kept.map((entry) => [entry.key ?? entry, entry]));
	}

	private sorted(): Array<Entry<T>> {
		const direction = this.order === 'newest' ? -1 : 1;
		return [...this.byKey.values()].sort((a, b) => {
			if (a.at === undefined || b.at === undefined) {
				return Number(a.at === undefined) - Number(b.at === undefined);
			}
			// Several athletes are fetched at once: the order of equal times must not depend on arrival.
			return direction * (a.at - b.at) || compare(a.key, b.key);
		});
	}
}

function compare(a = '', b = ''): number {
	return a < b ? -1 : Number(a > b);
}
