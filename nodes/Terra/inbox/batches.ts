import type { INodeExecutionData } from 'n8n-workflow';
import { clock, within } from '../transport';
import { Answer } from './answer';
import { Handover } from './handover';
import { MAX_NODES, type Admission } from './inbox';
import { putLast, SeenList } from './memory';
import { DAY_MS, MINUTE_MS } from '../terra/durations';

/** An admitted delivery, with its items for the workflow. */
export interface Start {
	items: INodeExecutionData[];
	admission: Admission;
	/** The type of event; all events of an execution have the same. */
	kind: string;
	/** The size of its body. */
	bytes: number;
	/** Unix milliseconds. */
	arrived: number;
	/** Whether it needs an execution of its own. */
	isAlone: boolean;
}

const MAX_DELIVERIES = 50;
/** n8n stores an execution as one string, and holds several copies of it in memory meanwhile. */
const MAX_BYTES = 4 * 1024 * 1024;
/** n8n may never answer, for example if an execution was removed from its queue: others wait no longer than this. */
const LONGEST_HOLD_MS = 3_000;
/** Counted from its arrival: Terra gives up after 8 seconds. */
const LONGEST_WAIT_MS = 7_000;
/** After a refusal, start deliveries singly for this long: one that n8n cannot store must not make others fail. */
const SINGLY_FOR_MS = MINUTE_MS;
/** Terra retries a delivery for about a day. */
const REPEATS_FOR_MS = DAY_MS;

const STARTED = new Answer(200, 'started', 'elsewhere');
const REFUSED = new Answer(503, 'not kept: n8n could not store the execution');
const NOT_STARTED = new Answer(503, 'not kept: n8n is still storing earlier deliveries');
/** Once n8n has stored it, Terra's next attempt counts as repeated. */
const NOT_STORED = new Answer(503, 'not kept yet: n8n is still storing it');

/** Deliveries that start one execution together. The request of the first one starts it. */
export class Batch {
	private readonly handover = new Handover();

	/** @param onSettled called once it is known whether n8n has stored the execution */
	constructor(
		readonly starts: Start[],
		private readonly onSettled: (batch: Batch) => void = () => {},
	) {}

	get items(): INodeExecutionData[] {
		return this.starts.flatMap(({ items }) => items);
	}

	get since(): number {
		return this.handover.since;
	}

	/** Resolves once it is known whether n8n has stored the execution, which may be never. */
	get settled(): Promise<true> {
		return this.handover.settled;
	}

	get state(): 'under way' | 'stored' | 'refused' {
		const { state } = this.handover;
		if (state === 'accepted' || state === 'refused') return state === 'accepted' ? 'stored' : state;
		return 'under way';
	}

	/** Call it when n8n asks for the text of the answer: it has stored the execution. */
	store(): void {
		if (this.state !== 'under way') return;
		const [first, ...others] = this.starts.map(({ admission }) => admission);
		for (const admission of others) admission.settle(true);
		// n8n is about to save the static data of the first one only, so that one writes for all.
		first!.store();
		first!.settle(true);
		this.end('accepted');
	}

	/** Call it when n8n has answered the request of the first one. */
	answered(accepted: boolean): void {
		if (this.state !== 'under way') return;
		if (accepted) {
			this.store();
			return;
		}
		for (const { admission } of this.starts) admission.settle(false);
		this.end('refused');
	}

	private end(outcome: 'accepted' | 'refused') {
		this.handover.settle(outcome);
		this.onSettled(this);
	}
}

/** A delivery that waits for its turn. */
interface Place {
	start: Start;
	/** The batch that it is part of, once that starts. */
	batch?: Batch;
	call(): void;
}

/**
 * The starts of one trigger node. Deliveries that arrive while n8n is storing an execution wait, then start together:
 * executions cost n8n time, items do not. Nothing waits while n8n is idle.
 */
export class Batches {
	private waiting: Place[] = [];
	/** The batch that the others wait for. */
	private current: Batch | undefined;
	private singlyUntil = 0;
	/** Deliveries that n8n refused together: when Terra retries them, each starts alone. */
	private readonly refused = new SeenList(1_000, REPEATS_FOR_MS);

	/** @returns the batch that this request starts, or the answer once another request has started it, or failed to */
	async start(start: Start): Promise<Batch | Answer> {
		if (this.isAlone(start)) return new Batch([start]);
		if (!this.current || this.isIdle(this.current)) return this.begin([start]);

		let call = () => {};
		const called = new Promise<true>((resolve) => (call = () => resolve(true)));
		const place: Place = { start, call };
		this.waiting.push(place);
		if (this.waiting.length === 1) this.goOnWithout(this.current);

		const deadline = clock.deadline(start.arrived + LONGEST_WAIT_MS - clock.now());
		await within(called, deadline);
		const { batch } = place;
		if (!batch) return this.giveUp(place);
		if (batch.starts[0] === start) return batch;

		await within(batch.settled, deadline);
		if (batch.state === 'under way') return NOT_STORED;
		return batch.state === 'stored' ? STARTED : REFUSED;
	}

	private isAlone({ isAlone, bytes, admission }: Start): boolean {
		if (isAlone || bytes > MAX_BYTES || this.startsSingly) return true;
		return (admission.ids ?? []).some((id) => this.refused.timeOf(id) !== undefined);
	}

	/** Whether nothing waits, and the last start has used up its time. */
	private isIdle({ since }: Batch): boolean {
		return this.waiting.length === 0 && clock.now() - since >= LONGEST_HOLD_MS;
	}

	private get startsSingly(): boolean {
		return clock.now() < this.singlyUntil;
	}

	private begin(starts: Start[]): Batch {
		this.current = new Batch(starts, (batch) => this.settled(batch));
		return this.current;
	}

	private giveUp(place: Place): Answer {
		this.waiting = this.waiting.filter((one) => one !== place);
		place.start.admission.settle(false);
		return NOT_STARTED;
	}

	/** Lets the waiting deliveries start even if n8n never answers. */
	private goOnWithout(batch: Batch) {
		const deadline = clock.deadline(batch.since + LONGEST_HOLD_MS - clock.now());
		void within(batch.settled, deadline).then(() => this.startNext(batch));
	}

	private settled(batch: Batch) {
		if (batch.state === 'refused' && batch.starts.length > 1) {
			const now = clock.now();
			this.singlyUntil = now + SINGLY_FOR_MS;
			const ids = batch.starts.flatMap(({ admission }) => admission.ids ?? []);
			for (const id of ids) this.refused.remember(id, now);
		}
		this.startNext(batch);
	}

	private startNext(after: Batch) {
		if (this.current !== after) return;
		this.current = undefined;
		if (this.startsSingly) {
			for (const place of this.waiting.splice(0)) callAll([place], new Batch([place.start]));
			return;
		}
		const places = this.takeNext();
		if (places.length === 0) return;
		const batch = this.begin(places.map(({ start }) => start));
		if (this.waiting.length > 0) this.goOnWithout(batch);
		callAll(places, batch);
	}

	/** Takes the deliveries of the kind that has waited longest. */
	private takeNext(): Place[] {
		const taken: Place[] = [];
		let bytes = 0;
		for (const place of this.waiting) {
			if (place.start.kind !== this.waiting[0]!.start.kind) continue;
			bytes += place.start.bytes;
			if (taken.length === MAX_DELIVERIES || bytes > MAX_BYTES) break;
			taken.push(place);
		}
		this.waiting = this.waiting.filter((place) => !taken.includes(place));
		return taken;
	}
}

function callAll(places: Place[], batch: Batch) {
	for (const place of places) {
		place.batch = batch;
		place.call();
	}
}

const batchesByNode = new Map<string, Batches>();

/** @param nodeId see `nodeIdOf` */
export function batchesOf(nodeId: string): Batches {
	const batches = batchesByNode.get(nodeId) ?? new Batches();
	putLast(batchesByNode, nodeId, batches, MAX_NODES);
	return batches;
}
