import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readChoice } from '../fields/values';
import { triggerParameters } from '../n8n';
import { typesToAsk } from './candidates';
import { compareAddress } from './registration';
import { withFullPasses, repeat } from './schedule';
import type { PassResult } from './pass';
import { readSettings, SETTING_FIELDS } from './settings';
import { Settling } from './settling';
import { passesOf, type PassOptions } from './watch';
import { beginningOf } from './watched';
import { HOUR_MS, MINUTE_MS } from '../terra/durations';

/** Time for Terra's own retries to arrive, and for n8n to start everything. */
const FIRST_AFTER_MS = MINUTE_MS;
/** How long ago a ride must have ended, so that the webhook comes first. */
const ENDED_FOR_MS = HOUR_MS;
/** Late enough for rides that ended just before n8n started. */
const SECOND_AFTER_MS = ENDED_FOR_MS + 5 * MINUTE_MS;
/** After how many passes in a row with missed records to suspect the webhook. */
const SUSPICIOUS_PASSES = 3;

const INTERVALS = { sixHours: 6 * HOUR_MS, daily: 24 * HOUR_MS, off: Infinity } as const;

/** n8n calls this in its leading process, at each start and publication. */
export async function startTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	compareAddress(this);
	const stop = new AbortController();
	try {
		watch(this, stop.signal);
	} catch (error) {
		// When n8n starts, throwing would take the webhook down; when publishing, it would have failed earlier.
		this.logger.warn('Terra Trigger cannot catch up', { error });
	}
	return { closeFunction: async () => stop.abort() };
}

/** Reads all parameters now: once the workflow is active, n8n evaluates no expression. */
function watch(context: ITriggerFunctions, signal: AbortSignal): void {
	const parameters = triggerParameters(context, [...SETTING_FIELDS, 'catchUp']);
	const settings = readSettings(parameters, context.getTimezone());
	const beginning = beginningOf(context, settings);
	const choices = ['sixHours', 'daily', 'off'] as const;
	const everyMs = INTERVALS[readChoice(parameters.catchUp, 'Catch Up', choices, 'sixHours')];
	// Without a memory the trigger cannot tell what is missing.
	if (!settings.dropsRepeated || typesToAsk(settings.filters).length === 0) return;

	const pass = passesOf(context, settings, beginning, signal);
	const { settlesAfterMinutes } = settings;
	const schedule = { firstAfterMs: FIRST_AFTER_MS, signal };
	if (settlesAfterMinutes !== undefined) {
		const settling = new Settling(settlesAfterMinutes * MINUTE_MS);
		// Ask about everybody as often as catching up would; in between, about athletes with a recent delivery.
		const passes = withFullPasses(
			everyMs,
			async (isFull) => await pass(settledOptions(settling, isFull)),
		);
		void repeat(context, passes, { ...schedule, everyMs: settling.everyMs });
	} else if (everyMs !== Infinity) {
		const report = reporter(context);
		const passes = async () => report(await pass(CATCH_UP));
		void repeat(context, passes, { ...schedule, secondAfterMs: SECOND_AFTER_MS, everyMs });
	}
}

const CATCH_UP: PassOptions = {
	source: 'catch-up',
	endedForMs: ENDED_FOR_MS,
	withUpdates: false,
	withStates: false,
	isReady: () => true,
	isDue: () => true,
};

const settledOptions = (settling: Settling, isFull: boolean): PassOptions => ({
	...CATCH_UP,
	source: 'settled',
	endedForMs: undefined,
	isReady: (candidate) => settling.isSettled(candidate),
	isDue: (athlete) => isFull || settling.isDue(athlete),
});

function reporter({ logger }: ITriggerFunctions): (result: PassResult) => PassResult {
	let passesWithFinds = 0;
	return (result) => {
		const { started, problem, isMore } = result;
		if (started > 0) logger.info(`Terra Trigger caught up on ${started} record(s)`);
		// A pass that continues soon is not over.
		if (isMore || problem) return result;
		passesWithFinds = started > 0 ? passesWithFinds + 1 : 0;
		if (passesWithFinds === SUSPICIOUS_PASSES) logger.warn(WEBHOOK_SEEMS_OFF);
		return result;
	};
}

const WEBHOOK_SEEMS_OFF = `Terra Trigger has caught up on rides that the webhook missed ${SUSPICIOUS_PASSES} times in a row: Terra's webhook may be switched off, or point elsewhere. The Terra node's Account → Check Set-Up says what is wrong.`;
