import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import {
	answerIn,
	begunIn,
	nodeIdOf,
	questionItem,
	type Question,
	type TableAnswer,
} from '../inbox';
import { clock, within } from '../transport';

/** So long n8n may take to begin an execution; it can be that its workers are busy. */
const BEGIN_WITHIN_MS = 60_000;
/** So long the next execution waits for the one before it. */
const END_WITHIN_MS = 60_000;

/** Starts executions from a trigger that nobody has called, one after the other. */
export interface Emitter {
	/**
	 * Starts the workflow, and waits until it is through, or a minute.
	 *
	 * @param mark what the item is known by
	 * @param onBegun called once: whether the execution is known to have begun
	 */
	start(
		item: INodeExecutionData,
		mark: string,
		onBegun: (hasBegun: boolean) => void,
	): Promise<void>;
	/** Asks n8n's deduplication table, by an execution without items. @returns undefined if n8n gave no answer */
	ask(question: Question): Promise<TableAnswer | undefined>;
}

export function emitterOf(context: ITriggerFunctions): Emitter {
	const begun = begunIn(nodeIdOf(context));

	/** Undefined if n8n could not start it. n8n 2.8 does not tell: whoever waits brings a deadline. */
	const emit = (item: INodeExecutionData): Promise<IRun | undefined> => {
		const done = context.helpers.createDeferredPromise<IRun>();
		context.emit([[item]], undefined, done);
		return done.promise.catch(() => undefined);
	};

	return {
		async start(item, mark, onBegun) {
			const { begun: begins, forget } = begun.next(mark);
			const run = emit(item);
			const deadline = clock.deadline(BEGIN_WITHIN_MS);
			// In queue mode it begins in a worker, and only its end is seen here.
			const ended = run.then(hasBegun);
			const isBegun = (await within(Promise.race([begins, ended]), deadline)) === true;
			forget();
			onBegun(isBegun);
			if (isBegun) await within(run, clock.deadline(END_WITHIN_MS));
		},
		async ask(question) {
			const run = await within(emit(questionItem(question)), clock.deadline(BEGIN_WITHIN_MS));
			return run && answerIn(run, question);
		},
	};
}

/** n8n marks executions as failed, or crashed, whose first node never ran. */
function hasBegun(run: IRun | undefined): boolean {
	const { lastNodeExecuted, runData = {} } = run?.data?.resultData ?? {};
	return (
		run?.finished === true || lastNodeExecuted !== undefined || Object.keys(runData).length > 0
	);
}
