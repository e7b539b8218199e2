import { clock } from '../transport';
import { HOUR_MS } from '../terra/durations';

/**
 * The progress of a delivery from its arrival to n8n's answer to Terra. `arrived`: n8n has not stored its execution yet;
 * `stored`: it has, and will answer; `accepted` and `refused`: it has answered; `given up`: it never will, for example
 * because the execution was removed from its queue.
 */
export type DeliveryState = 'arrived' | 'stored' | 'accepted' | 'refused' | 'given up';

/** After this time a delivery that n8n has not answered no longer blocks others. */
const GIVEN_UP_AFTER_MS = HOUR_MS;

/** The progress of one delivery into n8n. It is settled exactly once. */
export class Handover {
	/** Resolves when n8n has answered, which may be never: the caller needs a deadline. */
	readonly settled: Promise<true>;

	private current: DeliveryState = 'arrived';
	private release = () => {};

	/** @param since when it arrived, in Unix milliseconds */
	constructor(readonly since = clock.now()) {
		this.settled = new Promise((resolve) => (this.release = () => resolve(true)));
	}

	get state(): DeliveryState {
		const isLate = clock.now() - this.since >= GIVEN_UP_AFTER_MS;
		if (isLate && (this.current === 'arrived' || this.current === 'stored')) {
			this.settle('given up');
		}
		return this.current;
	}

	/** Whether n8n may still accept it. */
	get isOpen(): boolean {
		return this.state === 'arrived' || this.state === 'stored';
	}

	/** Call it when n8n has stored the execution, or when none is wanted. */
	store(): void {
		if (this.current === 'arrived') this.current = 'stored';
	}

	settle(outcome: 'accepted' | 'refused' | 'given up'): void {
		this.current = outcome;
		this.release();
	}
}
