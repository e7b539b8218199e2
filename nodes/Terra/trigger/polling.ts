import type {
	IExecuteFunctions,
	INodeExecutionData,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { createHistoryRun } from '../history';
import { connectionOf, itemParameters, nodeError, triggerParameters } from '../n8n';
import { UserError } from '../terra/userError';
import { clock, createClient } from '../transport';
import { findCandidates, typesToAsk, withSamples, type Candidate } from './candidates';
import { startExecution } from './execute';
import { withStoredFiles } from './files';
import { needsSamples } from './pass';
import { recordItem } from './present';
import { NO_DELIVERY } from './request';
import { withFullPasses, repeat } from './schedule';
import { readMinutes, readSettings, SETTING_FIELDS, type TriggerSettings } from './settings';
import { passesOf, type PassOptions } from './watch';
import { beginningOf } from './watched';
import { HOUR_MS, MINUTE_MS } from '../terra/durations';

/** Soon after a start, but late enough for n8n to have started everything. */
const FIRST_AFTER_MS = 10_000;
/** How far back a pass looks; a full one, at this interval, looks further. */
const LOOK_BACK_MS = 72 * HOUR_MS;
const FULL_EVERY_MS = 6 * HOUR_MS;
/** How far back a manual test looks for a ride, and for how many athletes. */
const TEST_LOOK_BACK_MS = 27 * 24 * HOUR_MS;
const TEST_ATHLETES = 20;

/** n8n calls this in its leading process, at each start and publication. @throws UserError for an invalid field */
export async function startPolling(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	const stop = new AbortController();
	try {
		poll(this, stop.signal);
	} catch (error) {
		throw nodeError(this.getNode(), error);
	}
	return { closeFunction: async () => stop.abort() };
}

function poll(context: ITriggerFunctions, signal: AbortSignal): void {
	const parameters = triggerParameters(context, [...SETTING_FIELDS, 'minutes']);
	const settings = settingsOf(parameters, context.getTimezone());
	const options = optionsFor(settings);
	const minutes = readMinutes(parameters.minutes, 'Ask Every (Minutes)');
	const pass = passesOf(
		context,
		settings,
		beginningOf(context, settings, options.withUpdates),
		signal,
	);
	const passes = withFullPasses(
		FULL_EVERY_MS,
		async (isFull) => await pass({ ...options, ...(!isFull && { lookBackMs: LOOK_BACK_MS }) }),
	);
	const everyMs = minutes * MINUTE_MS;
	void repeat(context, passes, { firstAfterMs: FIRST_AFTER_MS, everyMs, signal });
}

const optionsFor = ({ emitsUpdates }: TriggerSettings): PassOptions => ({
	source: 'polling',
	withUpdates: emitsUpdates,
	withStates: emitsUpdates,
	isReady: () => true,
	isDue: () => true,
});

function settingsOf(
	parameters: Parameters<typeof readSettings>[0],
	timezone: string,
): TriggerSettings {
	const settings = readSettings(parameters, timezone);
	if (typesToAsk(settings.filters).length > 0) return settings;
	throw new UserError(
		"'Trigger On' is empty",
		'Choose at least one of the types of data that Terra can be asked for.',
	);
}

/** n8n calls this at the start of each execution; in a manual test it shows the latest ride. */
export async function executePolling(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (this.getMode() !== 'manual') return await startExecution.call(this);
	try {
		return [await latest(this)];
	} catch (error) {
		throw nodeError(this.getNode(), error);
	}
}

async function latest(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const parameters = itemParameters(context, SETTING_FIELDS, 0);
	const timezone = context.getTimezone();
	const settings = settingsOf(parameters, timezone);
	const client = createClient(connectionOf(context), {
		signal: context.getExecutionCancelSignal(),
	});
	const asked = new Set<string>();
	let found: Candidate | undefined;
	const search = {
		filters: settings.filters,
		since: clock.now() - TEST_LOOK_BACK_MS,
		until: Infinity,
		withStates: false,
		isDue: ({ user_id }: { user_id: string }) => asked.add(user_id).size <= TEST_ATHLETES,
		timezone,
		client,
		history: createHistoryRun(client),
	};
	const { problem } = await findCandidates(search, async (candidate) => {
		if (!found || candidate.ended > found.ended) found = candidate;
	});
	if (!found) {
		if (problem) throw problem;
		throw new UserError(
			'Terra has nothing from the last four weeks that passes the filters',
			"Finish a ride, or change 'Provider' or 'Filters'. The node itself works: it starts the workflow when there is something.",
		);
	}
	const event = needsSamples(found, settings) ? await withSamples(found, search) : found.event;
	const [record] = event.body.data as [never];
	const item = recordItem(event, record, 'new', NO_DELIVERY, 'polling', settings);
	return await withStoredFiles(context, [item]);
}
