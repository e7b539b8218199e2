import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readChoice } from '../fields/values';
import { createHistoryRun, createLock } from '../history';
import { begunIn, inboxOf, nodeIdOf, type StoredMemory } from '../inbox';
import { connectionOf, triggerParameters } from '../n8n';
import { UserError } from '../terra/userError';
import { clock, createClient } from '../transport';
import { typesToAsk } from './candidates';
import { emitterOf } from './emission';
import { runPass, type Pass } from './pass';
import { compareAddress } from './registration';
import { readSettings, SETTING_FIELDS } from './settings';
import { beginningOf, LOOK_BACK_MS } from './watched';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Until then Terra's own repetitions come, and n8n has started everything. */
const FIRST_AFTER_MS = MINUTE_MS;
/** How long ago a ride must have ended: the webhook should win. */
const ENDED_FOR_MS = HOUR_MS;
/** The first wait after a pass that could not be finished; it doubles. */
const AGAIN_AFTER_MS = 10 * MINUTE_MS;
/** A pass that takes longer is ended, and the next one goes on. */
const LONGEST_PASS_MS = 2 * HOUR_MS;
/** So many passes in a row have found something that no webhook had brought. */
const SUSPICIOUS_PASSES = 3;

const INTERVALS = { sixHours: 6 * HOUR_MS, daily: 24 * HOUR_MS } as const;

/** n8n calls this in its leading process, at each start and publication. */
export async function startTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	compareAddress(this);
	const over = new AbortController();
	catchUp(this, over.signal);
	return { closeFunction: async () => over.abort() };
}

/** Nothing is evaluated after n8n has activated the workflow: all parameters are read here. */
function catchUp(context: ITriggerFunctions, over: AbortSignal): void {
	const parameters = triggerParameters(context, [...SETTING_FIELDS, 'catchUp']);
	const settings = readSettings(parameters, context.getTimezone());
	const beginning = beginningOf(context, settings.filters);
	const choice = readChoice(
		parameters.catchUp,
		'Catch Up',
		['sixHours', 'daily', 'off'] as const,
		'sixHours',
	);
	// Without a memory nobody can tell what is missing.
	if (choice === 'off' || !settings.dropsRepeated) return;
	if (typesToAsk(settings.filters).length === 0) return;

	const stored = context.getWorkflowStaticData('node') as StoredMemory;
	const nodeId = nodeIdOf(context);
	const pass = async () => {
		const signal = AbortSignal.any([over, clock.deadline(LONGEST_PASS_MS)]);
		const client = createClient(connectionOf(context), { signal });
		return await runPass({
			search: {
				filters: settings.filters,
				since: Math.max(beginning.since, clock.now() - LOOK_BACK_MS),
				endedForMs: ENDED_FOR_MS,
				timezone: context.getTimezone(),
				client,
				history: createHistoryRun(client, NO_PROGRESS),
				onMissing: (message) => context.logger.debug(`Terra Trigger's catch-up: ${message}`),
			},
			settings,
			beginning,
			inbox: inboxOf(nodeId, stored),
			begun: begunIn(nodeId),
			emitter: emitterOf(context),
			signal,
		} satisfies Pass);
	};
	void repeat(context, pass, { everyMs: INTERVALS[choice], over });
}

const NO_PROGRESS = { plan: () => {}, windowDone: () => {} };

interface Rhythm {
	everyMs: number;
	over: AbortSignal;
}

/** One pass after the other, until the trigger is withdrawn. Never fails: a trigger that did would be taken down. */
async function repeat(
	context: ITriggerFunctions,
	pass: () => Promise<number>,
	{ everyMs, over }: Rhythm,
): Promise<void> {
	const { logger } = context;
	let failures = 0;
	let passesWithFinds = 0;
	await clock.sleep(FIRST_AFTER_MS, over);
	while (!over.aborted) {
		try {
			const started = await turnOf(nodeIdOf(context))(pass);
			failures = 0;
			passesWithFinds = started > 0 ? passesWithFinds + 1 : 0;
			if (started > 0) logger.info(`Terra Trigger caught up on ${started} record(s)`);
			if (passesWithFinds === SUSPICIOUS_PASSES) logger.warn(WEBHOOK_SEEMS_OFF);
		} catch (error) {
			if (over.aborted) return;
			failures++;
			const { message } = error as Error;
			const next = error instanceof UserError ? error.next : '';
			logger.warn(`Terra Trigger could not catch up, and tries again: ${message}. ${next}`);
		}
		const soon = AGAIN_AFTER_MS * 2 ** (failures - 1);
		await clock.sleep(failures > 0 ? Math.min(soon, everyMs) : everyMs, over);
	}
}

/** A pass of a version that has been replaced may not have ended yet. */
const turnOf = createLock();

const WEBHOOK_SEEMS_OFF = `Terra Trigger has caught up on rides that no webhook brought ${SUSPICIOUS_PASSES} times in a row: Terra's webhook may be switched off, or lead somewhere else. The Terra node's Account → Check Set-Up says what is wrong.`;
