import type { IDataObject } from 'n8n-workflow';
import { addDays, localDay, type Day, type DayRange } from '../../terra/days';
import { EVENTS, type DataType, type EventType } from '../../terra/events';
import { presetRange } from '../../terra/periods';

/** What is kept of an athlete between two runs: small, since n8n stores it with the workflow. */
interface Mark {
	day: Day;
	/** Keys of records of the last days, which will be asked for again. */
	keys: string[];
}

const STORE = 'lastRuns';

/**
 * The day of the last run was not over, and a ride can reach Terra days late. A week of records with an ID is requested
 * again, since none of them is returned twice; a daily summary of the overlap is.
 */
const OVERLAP_DAYS = 1;

const OVERLAP_DAYS_WITH_ID = 7;

/**
 * "Since the last successful run" of one item: remembers for each athlete and data type the day up to which everything
 * was fetched. n8n keeps it for published workflows only.
 *
 * A record with an ID is not returned twice. A daily summary of the last days is, for it may have grown.
 */
export class LastRun {
	private readonly next = new Map<string, Mark>();

	/** Athletes with a record in this run. */
	private readonly had = new Set<string>();

	private readonly overlap: number;

	constructor(
		private readonly staticData: IDataObject,
		private readonly type: DataType,
		private readonly today: Day,
	) {
		this.overlap = isDaily(type) ? OVERLAP_DAYS : OVERLAP_DAYS_WITH_ID;
	}

	rangeFor(userId: string): DayRange {
		const mark = this.marks()[this.keyOf(userId)];
		if (!mark) return presetRange('last30Days', this.today);
		return { from: addDays(mark.day, -this.overlap), to: this.today };
	}

	wasSeen(userId: string, key: string | undefined): boolean {
		if (key === undefined) return false;
		return this.marks()[this.keyOf(userId)]?.keys.includes(key) ?? false;
	}

	/** Notes a record that this run returned. */
	note(userId: string, key: string | undefined, startTime: unknown): void {
		this.had.add(userId);
		const day = localDay(startTime);
		if (key === undefined || day === undefined || isDaily(this.type)) return;
		if (day >= addDays(this.today, -this.overlap)) this.nextOf(userId).keys.push(key);
	}

	/**
	 * All of this athlete's days were fetched. A new one without data may have just connected, with Terra still
	 * collecting: the next run begins with the first 30 days again.
	 */
	complete(userId: string): void {
		if (this.had.has(userId) || this.marks()[this.keyOf(userId)]) this.nextOf(userId);
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

	private nextOf(userId: string): Mark {
		const key = this.keyOf(userId);
		const mark = this.next.get(key) ?? { day: this.today, keys: [] };
		this.next.set(key, mark);
		return mark;
	}

	private keyOf(userId: string): string {
		return `${this.type}:${userId}`;
	}
}

function isDaily(type: DataType): boolean {
	return (EVENTS[type] as EventType).isDaily === true;
}
