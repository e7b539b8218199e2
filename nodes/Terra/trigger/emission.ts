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

/** How long n8n may take to begin an execution; its workers may be busy. */
const BEGIN_WITHIN_MS = 60_000;
/** How long an execution waits for the one before it. */
const END_WITHIN_MS = 60_000;

/** Starts executions of a trigger without a webhook call, one after the other. */
export interface Emitter {
	/**
	 * Starts the workflow, and waits until it has finished, for at most a minute.
	 *
	 * @param mark the item's key
	 * @param onBegun called once, with whether the execution is known to have begun
	 */
	start(
		item: INodeExecutionData,
		mark: string,
		onBegun: (hasBegun: boolean) => void,
	): Promise<void>;
	/** Asks n8n's deduplication table, through an execution without items. @returns undefined if n8n gave no answer */
	ask(question: Question): Promise<TableAnswer | undefined>;
}

export function emitterOf(context: ITriggerFunctions): Emitter {
	const begun = begunIn(nodeIdOf(context));

	/** Resolves to undefined if n8n could not start it. n8n 2.8 does not report that: the caller needs a deadline. */
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

/** False for an execution whose first node never ran: n8n marks those as failed or crashed. */
function hasBegun(run: IRun | undefined): boolean {
	const { lastNodeExecuted, runData = {} } = run?.data?.resultData ?? {};
	return (
		run?.finished === true || lastNodeExecuted !== undefined || Object.keys(runData).length > 0
	);
}
