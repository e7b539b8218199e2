import type { ITriggerFunctions } from 'n8n-workflow';
import { createHistoryRun } from '../history';
import {
	begunIn,
	forgetPasses,
	inboxOf,
	nodeIdOf,
	notePass,
	triggerOf,
	type StoredMemory,
} from '../inbox';
import { connectionOf } from '../n8n';
import { asUserError } from '../terra/userError';
import { inMinutes } from '../terra/times';
import { clock, createClient } from '../transport';
import { emitterOf } from './emission';
import { nothingDone, runPass, type Pass, type PassResult } from './pass';
import type { TriggerSettings } from './settings';
import { LOOK_BACK_MS, type Beginning } from './watched';
import { HOUR_MS } from '../terra/durations';

const LONGEST_SEARCH_MS = HOUR_MS;
/** A pass that takes longer is ended; the next one continues. */
const LONGEST_PASS_MS = 2 * HOUR_MS;

/** What distinguishes one kind of pass from another. */
export type PassOptions = Pick<Pass, 'source' | 'withUpdates' | 'isReady'> &
	Pick<Pass['search'], 'endedForMs' | 'withStates' | 'isDue'> & {
		/** How far back to look. */
		lookBackMs?: number;
	};

/** Makes passes for a trigger, all with the same settings. They never fail; their results are logged and noted. */
export function passesOf(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	beginning: Beginning,
	signal: AbortSignal,
): (options: PassOptions) => Promise<PassResult> {
	const stored = context.getWorkflowStaticData('node') as StoredMemory;
	const timezone = context.getTimezone();
	const nodeId = nodeIdOf(context);
	const knownMissing = new Set<string>();
	const failed = new Set<string>();
	signal.addEventListener('abort', () => forgetPasses(nodeId), { once: true });

	const passOf = async (options: PassOptions): Promise<PassResult> => {
		const { source, withUpdates, isReady, lookBackMs = LOOK_BACK_MS, ...others } = options;
		const passSignal = AbortSignal.any([signal, clock.deadline(LONGEST_PASS_MS)]);
		const client = createClient(connectionOf(context), { signal: passSignal });
		return await runPass({
			search: {
				...others,
				filters: settings.filters,
				since: Math.max(beginning.since, clock.now() - lookBackMs),
				until: clock.now() + LONGEST_SEARCH_MS,
				timezone,
				client,
				history: createHistoryRun(client),
			},
			settings,
			source,
			withUpdates,
			isReady,
			beginning,
			inbox: inboxOf(nodeId, stored),
			begun: begunIn(nodeId),
			knownMissing,
			failed,
			emitter: emitterOf(context),
			signal: passSignal,
		});
	};
	return async (options) => {
		const result = await passOf(options).catch(unfinished);
		if (!signal.aborted) report(context, result);
		return result;
	};
}

/** Whatever goes wrong in a pass, n8n must not take the trigger down for it. */
const unfinished = (error: Error): PassResult => ({
	...nothingDone(0),
	problem: asUserError(error),
});

function report(context: ITriggerFunctions, result: PassResult): void {
	const { name } = context.getNode();
	const { started, problem, leftOut, reachedBackTo, issues } = result;
	const { athletes, reason, unnamed, unreadable } = issues;
	const notes = [
		athletes > 0 && `Asking Terra failed for ${athletes} athlete(s): ${reason?.message}.`,
		unnamed > 0 &&
			`Terra's list has ${unnamed} user(s) without an ID, so nothing can be asked about them.`,
		unreadable > 0 && `${unreadable} record(s) could not be read and were left out.`,
	].filter((note) => note !== false);
	const shortfall =
		leftOut > 0
			? `At ${inMinutes(clock.now())} it left out ${leftOut} record(s) that ended before ${inMinutes(reachedBackTo)}: n8n no longer knew whether they had run.`
			: undefined;
	notePass({ ...triggerOf(context), node: name }, { started, notes, problem, shortfall });
	if (problem) {
		context.logger.warn(
			`${name} could not ask Terra for what is missing, and tries again: ${problem.message}. ${problem.next}`,
		);
	}
	for (const note of notes) context.logger.warn(`${name}: ${note}`);
	// Normal after each start if there are many rides.
	if (shortfall) context.logger.info(`${name}: ${shortfall}`);
}
