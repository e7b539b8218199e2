import type { IDataObject } from 'n8n-workflow';
import { clock, within } from '../transport';
import { Handover } from './handover';
import { SeenList } from './memory';
import { DAY_MS } from '../terra/durations';

/**
 * Terra retries a delivery for about a day; its dashboard can resend one for about two weeks. Each has two IDs.
 * The capacities are for a busy hour of a hundred thousand athletes; both lists together take some 15 MB when full.
 */
const newDeliveryList = () => new SeenList(100_000, 14 * DAY_MS, 400);
/** Most updates of a ride come within hours. */
const newRecordList = () => new SeenList(100_000, 90 * DAY_MS, 1_000);

/**
 * While other deliveries are in progress, write to n8n's database at most once in this time, so that a flood of
 * deliveries does not become a flood of writes. The last one of a flood always writes, for the others too.
 */
const WRITE_INTERVAL_MS = 200;

/** A delivery that has been in progress for longer may have hung, so others do not rely on it to write. */
const RELIABLE_FOR_MS = 1_000;

/** Where n8n keeps what this node remembers across restarts. */
export interface StoredMemory extends IDataObject {
	deliveries?: string;
	records?: string;
}

export interface Delivery {
	/** Terra's trace ID and the signature: a copy has at least one of them in common. */
	ids: string[];
	/** The keys of its records, the same for every version of one. */
	recordKeys: string[];
	/** Unix milliseconds at which Terra emitted it; undefined if unknown. */
	emitted: number | undefined;
}

export type Version = 'new' | 'updated' | 'outdated';

/** Well below the 8 seconds after which Terra gives up. */
const LONGEST_WAIT_MS = 5_000;

/** The assumed age of a version without a time: so old that no later version looks outdated. */
const UNKNOWN_AGE_MS = 30 * DAY_MS;

/** A delivery that this process is working on. */
export interface Claim {
	/** How the delivery's version of a record relates to those accepted before. */
	versionOf(recordKey: string): Version;
	/**
	 * Call it when n8n has stored the execution, or when none is wanted: puts the memory where n8n finds it when it saves
	 * the static data.
	 */
	store(stored: StoredMemory): void;
	/** Call it once it is known whether n8n accepted the delivery. */
	settle(accepted: boolean): void;
}

type Entry = [key: string, time: number];

/**
 * What one trigger node has seen. Exact within one n8n process, even for copies that arrive at the same
 * time; what other processes have seen is known once n8n has stored it.
 */
export class Claims {
	private readonly deliveries = newDeliveryList();
	private readonly records = newRecordList();
	/** Who holds a delivery or record that n8n is about to accept or refuse. */
	private readonly holders = new Map<string, Handover>();
	/** Deliveries that n8n has not answered yet. */
	private readonly underWay = new Map<Handover, Delivery>();
	private lastWrite = 0;

	/** Reads what n8n has stored: by another process, or by this one before a restart. */
	recall(stored: StoredMemory) {
		this.deliveries.read(stored.deliveries);
		this.records.read(stored.records);
	}

	hasAny(ids: string[]): boolean {
		return ids.some((id) => this.deliveries.timeOf(id) !== undefined);
	}

	acceptedAt(recordKey: string): number | undefined {
		return this.records.timeOf(recordKey);
	}

	/**
	 * Holds the delivery and its records until n8n has accepted or refused it. Copies of it, and other versions of its
	 * records, wait here until then, since only then is it known whether they come too late.
	 *
	 * @returns 'repeated' for a copy, 'busy' if the wait takes too long
	 */
	async claim(delivery: Delivery): Promise<Claim | 'repeated' | 'busy'> {
		const keys = [...new Set([...delivery.ids, ...delivery.recordKeys])];
		let deadline: AbortSignal | undefined;
		for (let other = this.heldBy(keys); other; other = this.heldBy(keys)) {
			deadline ??= clock.deadline(LONGEST_WAIT_MS);
			if (!(await within(other.settled, deadline))) return 'busy';
		}
		if (this.hasAny(delivery.ids)) return 'repeated';
		this.forgetGivenUp();

		const own = new Handover();
		for (const key of keys) this.holders.set(key, own);
		this.underWay.set(own, delivery);

		return {
			versionOf: (recordKey) => this.versionOf(recordKey, delivery.emitted),
			store: (stored) => {
				own.store();
				this.write(stored);
			},
			settle: (accepted) => {
				if (accepted) this.remember(delivery);
				this.letGo(own, delivery);
				own.settle(accepted ? 'accepted' : 'refused');
			},
		};
	}

	private heldBy(keys: string[]): Handover | undefined {
		return keys.map((key) => this.holders.get(key)).find((holder) => holder?.isOpen === true);
	}

	private forgetGivenUp() {
		for (const [handover, delivery] of this.underWay) {
			// They are in order of arrival, so the later ones are open too.
			if (handover.isOpen) break;
			this.letGo(handover, delivery);
		}
	}

	private letGo(handover: Handover, { ids, recordKeys }: Delivery) {
		this.underWay.delete(handover);
		for (const key of [...ids, ...recordKeys]) {
			if (this.holders.get(key) === handover) this.holders.delete(key);
		}
	}

	/**
	 * Terra's rule: a version counts if it is not older than the last one. Two with the same time both do, such as two
	 * parts of a day's records; a copy has the trace ID or the signature of the first.
	 *
	 * @see https://docs.tryterra.co/reference/event-types
	 */
	private versionOf(recordKey: string, emitted: number | undefined): Version {
		const seen = this.records.timeOf(recordKey);
		if (seen === undefined) return 'new';
		return emitted !== undefined && emitted < seen ? 'outdated' : 'updated';
	}

	private entriesFor(
		{ ids, recordKeys, emitted = clock.now() - UNKNOWN_AGE_MS }: Delivery,
		now: number,
	) {
		const deliveries = ids.map<Entry>((id) => [id, now]);
		const records = recordKeys.map<Entry>((key) => [
			key,
			Math.max(emitted, this.records.timeOf(key) ?? 0),
		]);
		return { deliveries, records };
	}

	private remember(delivery: Delivery) {
		const { deliveries, records } = this.entriesFor(delivery, clock.now());
		for (const [key, time] of deliveries) this.deliveries.remember(key, time);
		for (const [key, time] of records) this.records.remember(key, time);
	}

	/** Whether another delivery will soon write for this one; one that hangs will not. */
	private isAnotherStarting(now: number): boolean {
		return [...this.underWay.keys()].some(
			({ state, since }) => state === 'arrived' && now - since < RELIABLE_FOR_MS,
		);
	}

	private write(stored: StoredMemory) {
		const now = clock.now();
		if (this.isAnotherStarting(now) && now - this.lastWrite < WRITE_INTERVAL_MS) return;
		this.lastWrite = now;
		const entries = [...this.underWay]
			.filter(([{ state }]) => state === 'stored')
			.map(([, delivery]) => this.entriesFor(delivery, now));
		stored.deliveries = this.deliveries.write(
			now,
			entries.flatMap(({ deliveries }) => deliveries),
		);
		stored.records = this.records.write(
			now,
			entries.flatMap(({ records }) => records),
		);
	}
}
