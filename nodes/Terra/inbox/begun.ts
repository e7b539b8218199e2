import { MOST_NODES } from './inbox';
import { putLast, SeenList } from './memory';
import { DAY_MS } from '../terra/durations';

/** The records of one trigger node whose execution has begun, as far as this process has seen. */
class Begun {
	private readonly records = new SeenList(100_000, 90 * DAY_MS);
	private readonly waiting = new Map<string, () => void>();

	has(recordKey: string): boolean {
		return this.records.timeOf(recordKey) !== undefined;
	}

	note(recordKeys: string[], at: number): void {
		for (const key of recordKeys) {
			this.records.remember(key, at);
			this.waiting.get(key)?.();
			this.waiting.delete(key);
		}
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
	putLast(begunByNode, nodeId, begun, MOST_NODES);
	return begun;
}
