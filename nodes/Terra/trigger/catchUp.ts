import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readChoice } from '../fields/values';
import { triggerParameters } from '../n8n';
import { typesToAsk } from './candidates';
import { compareAddress } from './registration';
import { fullNowAndThen, repeat } from './schedule';
import type { PassResult } from './pass';
import { readSettings, SETTING_FIELDS } from './settings';
import { Settling } from './settling';
import { passesOf, type Manner } from './watch';
import { beginningOf } from './watched';
import { HOUR_MS, MINUTE_MS } from '../terra/durations';

/** By then Terra's own retries arrive, and n8n has started everything. */
const FIRST_AFTER_MS = MINUTE_MS;
/** How long ago a ride must have ended: the webhook should win. */
const ENDED_FOR_MS = HOUR_MS;
/** By then so have those that ended just before n8n started. */
const SECOND_AFTER_MS = ENDED_FOR_MS + 5 * MINUTE_MS;
/** How many passes in a row must find missed records to look suspicious. */
const SUSPICIOUS_PASSES = 3;

const INTERVALS = { sixHours: 6 * HOUR_MS, daily: 24 * HOUR_MS, off: Infinity } as const;

/** n8n calls this in its leading process, at each start and publication. */
export async function startTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	compareAddress(this);
	const over = new AbortController();
	try {
		watch(this, over.signal);
	} catch (error) {
		// At a start n8n would take the webhook down; publishing would already have failed.
		this.logger.warn('Terra Trigger cannot catch up', { error });
	}
	return { closeFunction: async () => over.abort() };
}

/** Read all parameters here: after n8n has activated the workflow, it evaluates no expression. */
function watch(context: ITriggerFunctions, over: AbortSignal): void {
	const parameters = triggerParameters(context, [...SETTING_FIELDS, 'catchUp']);
	const settings = readSettings(parameters, context.getTimezone());
	const beginning = beginningOf(context, settings);
	const choices = ['sixHours', 'daily', 'off'] as const;
	const everyMs = INTERVALS[readChoice(parameters.catchUp, 'Catch Up', choices, 'sixHours')];
	// Without a memory it cannot tell what is missing.
	if (!settings.dropsRepeated || typesToAsk(settings.filters).length === 0) return;

	const pass = passesOf(context, settings, beginning, over);
	const { settlesAfterMinutes } = settings;
	const schedule = { firstAfterMs: FIRST_AFTER_MS, over };
	if (settlesAfterMinutes !== undefined) {
		const settling = new Settling(settlesAfterMinutes * MINUTE_MS);
		// Ask about everybody as often as catching up would; in between, about athletes with a recent delivery.
		const passes = fullNowAndThen(
			everyMs,
			async (isFull) => await pass(settledManner(settling, isFull)),
		);
		void repeat(context, passes, { ...schedule, everyMs: settling.everyMs });
	} else if (everyMs !== Infinity) {
		const told = reporting(context);
		const passes = async () => told(await pass(CATCH_UP));
		void repeat(context, passes, { ...schedule, secondAfterMs: SECOND_AFTER_MS, everyMs });
	}
}

const CATCH_UP: Manner = {
	source: 'catch-up',
	endedForMs: ENDED_FOR_MS,
	withUpdates: false,
	withStates: false,
	isReady: () => true,
	isDue: () => true,
};

const settledManner = (settling: Settling, isFull: boolean): Manner => ({
	...CATCH_UP,
	source: 'settled',
	endedForMs: undefined,
	isReady: (candidate) => settling.isSettled(candidate),
	isDue: (athlete) => isFull || settling.isDue(athlete),
});

function reporting({ logger }: ITriggerFunctions): (result: PassResult) => PassResult {
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
