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

	/** Those of whom something is missing: another connection of the same person does not make up for it. */
	private readonly incomplete = new Set<string>();

	constructor(
		private readonly staticData: IDataObject,
		private readonly type: DataType,
		private readonly today: Day,
	) {}

	/** @param owner who it is about, by what survives a reconnect: see `ownerKey` */
	rangeFor(owner: string): DayRange {
		const mark = this.markOf(owner);
		if (!mark) return presetRange('last30Days', this.today);
		const earliest = addDays(mark.day, -LONGEST_FIRST_RUN_DAYS);
		const from =
			mark.from === undefined ? addDays(mark.day, -OVERLAP_DAYS) : later(mark.from, earliest);
		return { from, to: this.today, isOpen: true };
	}

	/** Notes a record of this run. @returns whether it is new, or has changed */
	accept(
		owner: string,
		identity: string | undefined,
		record: JsonObject,
		day: Day | undefined,
	): boolean {
		const mark = this.nextOf(owner);
		delete mark.from;
		if (identity === undefined) return true;
		const print = fingerprint(record);
		if (day === undefined || day >= addDays(this.today, -OVERLAP_DAYS)) {
			// Terra may return two versions of a record at once.
			const others = mark.seen[identity]?.split(' ').filter((other) => other !== print) ?? [];
			mark.seen[identity] = [...others, print].join(' ');
		}
		const before = this.markOf(owner)?.seen[identity]?.split(' ') ?? [];
		return !before.includes(print);
	}

	/** All of this athlete's days were fetched. */
	complete(owner: string, { from }: DayRange): void {
		if (this.incomplete.has(owner)) return;
		const isFirst = !this.next.has(this.keyOf(owner));
		const mark = this.nextOf(owner);
		const known = this.markOf(owner);
		// Nobody's data yet: Terra may still be collecting, so the next run begins at the same day.
		if (isFirst && (!known || known.from !== undefined)) mark.from = from;
	}

	/** Something is missing: the next run requests the same days again. */
	forget(owner: string): void {
		this.incomplete.add(owner);
		this.next.delete(this.keyOf(owner));
	}

	/** Moves the marks forward. Call it when everything has succeeded. */
	save(): void {
		for (const owner of this.incomplete) this.next.delete(this.keyOf(owner));
		if (this.next.size === 0) return;
		const marks = { ...this.marks(), ...Object.fromEntries(this.next) };
		this.staticData[STORE] = marks as unknown as IDataObject;
	}

	private marks(): Record<string, Mark | undefined> {
		return (this.staticData[STORE] ?? {}) as unknown as Record<string, Mark | undefined>;
	}

	private markOf(owner: string): Mark | undefined {
		const mark = this.marks()[this.keyOf(owner)];
		// An unreadable mark is none: better a ride again than a ride lost.
		return isObject(mark) && localDay(mark.day) !== undefined && isObject(mark.seen)
			? mark
			: undefined;
	}

	private nextOf(owner: string): Mark {
		const key = this.keyOf(owner);
		const mark = this.next.get(key) ?? { day: this.today, seen: {} };
		this.next.set(key, mark);
		return mark;
	}

	private keyOf(owner: string): string {
		return `${this.type}:${owner}`;
	}
}

/** Changes with the record; the device's own data (when it last synchronised) is no change. */
function fingerprint({ device_data, ...record }: JsonObject): string {
	void device_data;
	return createHash('sha256').update(JSON.stringify(record)).digest('base64url').slice(0, 8);
}
