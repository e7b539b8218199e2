import type { ITriggerFunctions } from 'n8n-workflow';
import { createHistoryRun } from '../history';
import { begunIn, inboxOf, nodeIdOf, type StoredMemory } from '../inbox';
import { connectionOf } from '../n8n';
import { clock, createClient } from '../transport';
import { emitterOf } from './emission';
import { runPass, type Pass } from './pass';
import type { TriggerSettings } from './settings';
import { LOOK_BACK_MS, type Beginning } from './watched';
import { HOUR_MS } from '../terra/durations';

/** A pass that takes longer is ended, and the next one goes on. */
const LONGEST_PASS_MS = 2 * HOUR_MS;

/** What kind of pass it is. */
export type Manner = Pick<Pass, 'source' | 'withUpdates' | 'isReady'> &
	Pick<Pass['search'], 'endedForMs' | 'withStates' | 'isDue'> & {
		/** How far back to look. */
		lookBackMs?: number;
	};

/** Makes passes of a trigger, all with the same settings. */
export function passesOf(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	beginning: Beginning,
	over: AbortSignal,
): (manner: Manner) => Promise<number> {
	const stored = context.getWorkflowStaticData('node') as StoredMemory;
	const timezone = context.getTimezone();
	const nodeId = nodeIdOf(context);
	return async ({ source, withUpdates, isReady, lookBackMs = LOOK_BACK_MS, ...manner }) => {
		const signal = AbortSignal.any([over, clock.deadline(LONGEST_PASS_MS)]);
		const client = createClient(connectionOf(context), { signal });
		return await runPass({
			search: {
				...manner,
				filters: settings.filters,
				since: Math.max(beginning.since, clock.now() - lookBackMs),
				timezone,
				client,
				history: createHistoryRun(client),
				onMissing: (athletes) => {
					const { name } = context.getNode();
					context.logger.warn(
						`${name} could not ask Terra about ${athletes} of the athletes, and tries again next time. Get Many says why.`,
					);
				},
			},
			settings,
			source,
			withUpdates,
			isReady,
			beginning,
			inbox: inboxOf(nodeId, stored),
			begun: begunIn(nodeId),
			emitter: emitterOf(context),
			signal,
		});
	};
}
