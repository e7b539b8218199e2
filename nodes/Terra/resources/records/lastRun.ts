import type { IDataObject } from 'n8n-workflow';
import { addDays, earlier, later, localDay, type Day, type DayRange } from '../../terra/days';
import type { DataType } from '../../terra/events';
import { fingerprint } from '../../terra/fingerprint';
import { isObject, type JsonObject } from '../../terra/json';
import { presetRange } from '../../terra/periods';

/** What is kept of an athlete between two runs: small, since n8n stores it with the workflow. */
interface StoredMark {
	/** The day up to which everything was fetched. */
	day?: Day;
	/** Where the next run begins, while there has been no record at all, or none of the runs was complete. */
	from?: Day;
	/** Of each record that will be fetched again: its day, and fingerprints of the versions that were returned. */
	seen: Record<string, string>;
}

interface SeenRecord {
	day: Day;
	prints: Set<string>;
}

/** An athlete in this run. */
interface Progress {
	before: StoredMark | undefined;
	seen: Map<string, SeenRecord>;
	/** Where this run began. */
	from: Day;
	hasRecords: boolean;
	isComplete: boolean;
}

const STORE = 'lastRuns';

/** The day of the last run was not over, and a ride can reach Terra, or change, days later. */
const OVERLAP_DAYS = 7;

/** How far back a run begins at most for an athlete without a record, who may have just connected. */
const LONGEST_FIRST_RUN_DAYS = 90;

/** What one item does with the memory. */
export interface LastRunOfItem {
	/** Begins with an athlete. @returns the days to fetch */
	begin(owner: string): DayRange;
	/** Notes a record. @returns whether it is new, or has changed */
	accept(owner: string, identity: string, record: JsonObject, day: Day | undefined): boolean;
	/** Something of this athlete is missing: the next run requests the same days again. */
	miss(owner: string): void;
	/** The item became an error, and returned none of its records. */
	fail(): void;
}

/**
 * "Since the last successful run", for all items of one execution: what was returned is not returned again, unless it
 * has changed; what was not is. n8n keeps the marks for published workflows only.
 *
 * Athletes go by what survives a reconnection: see `ownerKey`.
 */
export class LastRun {
	private readonly run = new Map<string, Progress>();

	constructor(
		private readonly staticData: IDataObject,
		private readonly type: DataType,
		private readonly today: Day,
	) {}

	/** An item of this execution. */
	item(): LastRunOfItem {
		const owners = new Set<string>();
		const undo: Array<() => void> = [];
		return {
			begin: (owner) => {
				owners.add(owner);
				return this.begin(owner);
			},
			accept: (owner, identity, record, day) => {
				const { isNew, takeBack } = this.accept(owner, identity, record, day);
				if (isNew) undo.push(takeBack);
				return isNew;
			},
			miss: (owner) => this.miss(owner),
			fail: () => {
				for (const takeBack of undo) takeBack();
				for (const owner of owners) this.miss(owner);
			},
		};
	}

	private begin(owner: string): DayRange {
		const before = this.markOf(owner);
		const from = this.startFor(before);
		const known = this.run.get(owner);
		const seen = known?.seen ?? readSeen(before, this.today);
		this.run.set(owner, {
			before,
			seen,
			from: known ? earlier(known.from, from) : from,
			hasRecords: known?.hasRecords ?? false,
			isComplete: known?.isComplete ?? true,
		});
		return { from, to: this.today, isOpen: true };
	}

	private accept(owner: string, identity: string, record: JsonObject, day: Day | undefined) {
		const progress = this.run.get(owner)!;
		progress.hasRecords = true;
		const print = fingerprint(record);
		const seen = progress.seen.get(identity) ?? { day: day ?? this.today, prints: new Set() };
		const isNew = !seen.prints.has(print);
		// Terra may return two versions of a record at once.
		seen.prints.add(print);
		seen.day = day ?? this.today;
		progress.seen.set(identity, seen);
		return { isNew, takeBack: () => void seen.prints.delete(print) };
	}

	private miss(owner: string): void {
		this.run.get(owner)!.isComplete = false;
	}

	/** Moves the marks forward. Call it when everything has succeeded. */
	save(): void {
		if (this.run.size === 0) return;
		const moved = [...this.run].map(([owner, progress]) => [
			this.keyOf(owner),
			this.markAfter(progress),
		]);
		this.staticData[STORE] = { ...this.marks(), ...Object.fromEntries(moved) } as IDataObject;
	}

	private startFor(mark: StoredMark | undefined): Day {
		const first = presetRange('last30Days', this.today).from;
		if (mark?.from !== undefined) {
			return later(mark.from, addDays(this.today, -LONGEST_FIRST_RUN_DAYS));
		}
		// The clock may have been ahead when the mark was set.
		return mark?.day === undefined ? first : addDays(earlier(mark.day, this.today), -OVERLAP_DAYS);
	}

	private markAfter({ before, seen, from, hasRecords, isComplete }: Progress): StoredMark {
		// Nobody's data yet: Terra may still be collecting, so the next run begins at the same day.
		const isWaiting = !hasRecords && (before === undefined || before.from !== undefined);
		const place = isWaiting
			? { from }
			: isComplete
				? { day: this.today }
				: before
					? { day: before.day, from: before.from }
					: { from };
		const next = this.startFor({ ...place, seen: {} });
		const kept = [...seen].filter(([, { day }]) => day >= next);
		return { ...place, seen: Object.fromEntries(kept.map(([id, one]) => [id, written(one)])) };
	}

	private marks(): Record<string, unknown> {
		const marks = this.staticData[STORE];
		return isObject(marks) ? marks : {};
	}

	private markOf(owner: string): StoredMark | undefined {
		const marks = this.marks();
		const key = this.keyOf(owner);
		const mark = Object.hasOwn(marks, key) ? marks[key] : undefined;
		// An unreadable mark is none: better a ride again than a ride lost.
		if (!isObject(mark) || !isObject(mark.seen)) return undefined;
		return {
			day: localDay(mark.day),
			from: localDay(mark.from),
			seen: mark.seen as Record<string, string>,
		};
	}

	private keyOf(owner: string): string {
		return `${this.type}:${owner}`;
	}
}

function written({ day, prints }: SeenRecord): string {
	return [day, ...prints].join(' ');
}

function readSeen(mark: StoredMark | undefined, today: Day): Map<string, SeenRecord> {
	return new Map(
		Object.entries(mark?.seen ?? {}).map(([identity, text]) => {
			const [day, ...prints] = String(text).split(' ');
			return [identity, { day: localDay(day) ?? today, prints: new Set(prints) }];
		}),
	);
}
