import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { addDays, later, localDay, type Day, type DayRange } from '../../terra/days';
import type { DataType } from '../../terra/events';
import { isObject, type JsonObject } from '../../terra/json';
import { presetRange } from '../../terra/periods';

/** What is kept of an athlete between two runs: small, since n8n stores it with the workflow. */
interface Mark {
	/** The day up to which everything was fetched. */
	day: Day;
	/** Records of the last days, which will be fetched again: their identity and a fingerprint of their content, or several. */
	seen: Record<string, string>;
	/** Where the next run begins, while there has been no record at all. */
	from?: Day;
}

const STORE = 'lastRuns';

/** The day of the last run was not over, and a ride can reach Terra, or change, days later. */
const OVERLAP_DAYS = 7;

/** How far back a run begins at most for an athlete without a record, who may have just connected. */
const LONGEST_FIRST_RUN_DAYS = 90;

/**
 * "Since the last successful run" of one item: what was fetched is not returned again, unless it has changed; what was
 * not is. n8n keeps the marks for published workflows only.
 */
export class LastRun {
	private readonly next = new Map<string, Mark>();

	constructor(
		private readonly staticData: IDataObject,
		private readonly type: DataType,
		private readonly today: Day,
	) {}

	rangeFor(userId: string): DayRange {
		const mark = this.markOf(userId);
		if (!mark) return presetRange('last30Days', this.today);
		const earliest = addDays(mark.day, -LONGEST_FIRST_RUN_DAYS);
		const from =
			mark.from === undefined ? addDays(mark.day, -OVERLAP_DAYS) : later(mark.from, earliest);
		return { from, to: this.today, isOpen: true };
	}

	/** Notes a record of this run. @returns whether it is new, or has changed */
	accept(userId: string, identity: string | undefined, record: JsonObject): boolean {
		const mark = this.nextOf(userId);
		delete mark.from;
		if (identity === undefined) return true;
		const { metadata } = record;
		const day = isObject(metadata) ? localDay(metadata.start_time) : undefined;
		const print = fingerprint(record);
		if (day === undefined || day >= addDays(this.today, -OVERLAP_DAYS)) {
			// Terra may return two versions of a record at once.
			const others = mark.seen[identity]?.split(' ').filter((other) => other !== print) ?? [];
			mark.seen[identity] = [...others, print].join(' ');
		}
		const before = this.markOf(userId)?.seen[identity]?.split(' ') ?? [];
		return !before.includes(print);
	}

	/** All of this athlete's days were fetched. */
	complete(userId: string, { from }: DayRange): void {
		const isFirst = !this.next.has(this.keyOf(userId));
		const mark = this.nextOf(userId);
		const known = this.markOf(userId);
		// Nobody's data yet: Terra may still be collecting, so the next run begins at the same day.
		if (isFirst && (!known || known.from !== undefined)) mark.from = from;
	}

	/** Something is missing: the next run requests the same days again. */
	forget(userId: string): void {
		this.next.delete(this.keyOf(userId));
	}

	/** Moves the marks forward. Call it when everything has succeeded. */
	save(): void {
		if (this.next.size === 0) return;
		const marks = { ...this.marks(), ...Object.fromEntries(this.next) };
		this.staticData[STORE] = marks as unknown as IDataObject;
	}

	private marks(): Record<string, Mark | undefined> {
		return (this.staticData[STORE] ?? {}) as unknown as Record<string, Mark | undefined>;
	}

	private markOf(userId: string): Mark | undefined {
		const mark = this.marks()[this.keyOf(userId)];
		// An unreadable mark is none: better a ride again than a ride lost.
		return isObject(mark) && localDay(mark.day) !== undefined && isObject(mark.seen)
			? mark
			: undefined;
	}

	private nextOf(userId: string): Mark {
		const key = this.keyOf(userId);
		const mark = this.next.get(key) ?? { day: this.today, seen: {} };
		this.next.set(key, mark);
		return mark;
	}

	private keyOf(userId: string): string {
		return `${this.type}:${userId}`;
	}
}

/** Changes with the record; the device's own data (when it last synchronised) is no change. */
function fingerprint({ device_data, ...record }: JsonObject): string {
	void device_data;
	return createHash('sha256').update(JSON.stringify(record)).digest('base64url').slice(0, 8);
}
