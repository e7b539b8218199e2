import { randomUUID } from 'node:crypto';
import { clock } from '../transport';
import { MAX_NODES } from './inbox';
import { putLast, SeenList } from './memory';
import { DAY_MS } from '../terra/durations';

/** Tells whether an execution runs in the process that started it, as it does unless n8n has workers. */
export const thisProcess = randomUUID();

const CAPACITY = 100_000;

/** The current time, on the system clock and on the monotonic clock. */
const moment = () => ({ now: clock.now(), running: clock.running() });

/** The records of one trigger node whose execution has begun, as far as this process has seen. */
class Begun {
	private readonly records = new SeenList(CAPACITY, 90 * DAY_MS);
	private readonly waiting = new Map<string, () => void>();
	private noted = 0;
	/** Nothing noted since the first of these moments has been forgotten. */
	private moments = [moment(), moment()] as const;

	has(recordKey: string): boolean {
		return this.records.timeOf(recordKey) !== undefined;
	}

	note(recordKeys: string[], at: number): void {
		for (const key of recordKeys) {
			this.records.remember(key, at);
			if (++this.noted % (CAPACITY / 2) === 0) this.moments = [this.moments[1], moment()];
			this.waiting.get(key)?.();
			this.waiting.delete(key);
		}
	}

	/**
	 * From when on everything that began in this process is known, in Unix milliseconds. A machine may start with a clock
	 * that is years behind, so the later of the two clocks' times counts.
	 */
	get completeSince(): number {
		const { now, running } = this.moments[0];
		return Math.max(now, clock.now() - (clock.running() - running));
	}

	/** Resolves when an execution with the record begins in this process; `forget` ends the wait. */
	next(recordKey: string): { begun: Promise<true>; forget(): void } {
		const begun = new Promise<true>((resolve) => {
			this.waiting.set(recordKey, () => resolve(true));
		});
		return { begun, forget: () => void this.waiting.delete(recordKey) };
	}
}

const begunByNode = new Map<string, Begun>();

/** @param nodeId see `nodeIdOf` */
export function begunIn(nodeId: string): Begun {
	const begun = begunByNode.get(nodeId) ?? new Begun();
	putLast(begunByNode, nodeId, begun, MAX_NODES);
	return begun;
}
