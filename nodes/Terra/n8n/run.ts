import { NodeOperationError, type IExecuteFunctions, type NodeExecutionHint } from 'n8n-workflow';
import { DayBudget } from '../history/budget';
import type { Explanation } from '../transport/errors';
import type { Patience } from '../transport/retry';
import { sleepUnlessCancelled, timing } from '../transport/clock';
import { Turns } from '../history/turns';

const REPORT_EVERY_MS = 10_000;

/** What the items of one execution of the node share: turns, budgets, and what there is to tell. */
export class Run {
	readonly turns: Turns;

	private readonly budgets = new Map<string, DayBudget>();

	private readonly hints = new Map<string, NodeExecutionHint>();

	private readonly done = { windows: 0, records: 0, waits: 0, waitedMs: 0 };

	private planned = 0;

	private readonly begunAt = timing.now();

	private reportedAt = this.begunAt;

	constructor(
		private readonly context: IExecuteFunctions,
		readonly atOnce: number,
	) {
		this.turns = new Turns(atOnce);
	}

	budgetOf(userId: string): DayBudget {
		const budget = this.budgets.get(userId) ?? new DayBudget();
		this.budgets.set(userId, budget);
		return budget;
	}

	patience(longestWaitMs: number): Patience {
		return { longestWaitMs, pause: async (ms, reason) => await this.pause(ms, reason) };
	}

	/** @throws NodeOperationError when the execution was cancelled */
	assertNotCancelled(): void {
		if (!this.context.getExecutionCancelSignal()?.aborted) return;
		throw new NodeOperationError(this.context.getNode(), 'The execution was cancelled');
	}

	plan(windows: number): void {
		this.planned += windows;
	}

	windowDone(records: number): void {
		this.done.windows++;
		this.done.records += records;
		if (timing.now() < this.reportedAt + REPORT_EVERY_MS) return;
		this.reportedAt = timing.now();
		this.context.logger.info(`Terra: ${this.summary()}`);
	}

	/** Each text is shown once, above the node's output. */
	hint(message: string, type: 'info' | 'warning' = 'info'): void {
		this.hints.set(message, { message, type, location: 'outputPane' });
	}

	/** Shows the hints. Old versions of n8n have none. */
	showHints(): void {
		const wasLong = timing.now() > this.begunAt + REPORT_EVERY_MS;
		if (wasLong || this.done.waits > 0) this.hint(this.summary());
		this.context.addExecutionHints?.(...this.hints.values());
	}

	private async pause(ms: number, { message }: Explanation): Promise<void> {
		this.done.waits++;
		this.done.waitedMs += ms;
		this.context.logger.info(`Terra: waiting ${inWords(ms)} (${message}); ${this.summary()}`);
		await sleepUnlessCancelled(ms, this.context.getExecutionCancelSignal());
		this.assertNotCancelled();
	}

	private summary(): string {
		const { windows, records, waits, waitedMs } = this.done;
		const waited = waits > 0 ? `, waited ${inWords(waitedMs)} in all` : '';
		// Windows that were halved make more of them than were planned.
		const total = Math.max(this.planned, windows);
		return `${windows} of ${total} requests done, ${records} records${waited}`;
	}
}

function inWords(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
