import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../terra/json';
import { insist } from '../../transport/retry';
import { exchange } from '../../transport/client';
import { readShape, shapeRecord } from '../../output';
import { simplifyField } from '../../fields/view';
import { judgeRecords } from '../../transport/verdict';
import { askAthletes } from '../../history/askAthletes';
import type { Outcome } from '../../history/fetchHistory';
import {
	atOnceOption,
	longestWaitOption,
	readAtOnce,
	readOptions,
	timeoutOption,
} from '../records/options';
import { athleteFields } from '../../fields/athletes';
import { itemByItem, outputOf } from '../../n8n/items';
import { Run } from '../../n8n/run';

const show = { resource: ['athlete'], operation: ['get'] };

export const fields: INodeProperties[] = [
	...athleteFields(show),
	simplifyField(show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [atOnceOption, longestWaitOption, timeoutOption],
	},
];

/** Gets the profiles of one athlete or many. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = new Run(this, readAtOnce.call(this));
	const results = await itemByItem(this, run.atOnce, async (item) => {
		return await getProfiles.call(this, item, run);
	});
	run.showHints();
	return outputOf(results, (profiles) => profiles);
}

async function getProfiles(
	this: IExecuteFunctions,
	itemIndex: number,
	run: Run,
): Promise<JsonObject[]> {
	const { longestWaitMs, timeoutMs } = readOptions.call(this, itemIndex);
	const shape = readShape(this, itemIndex);
	const patience = run.patience(longestWaitMs);
	const profiles: JsonObject[] = [];

	const missing = await askAthletes.call(this, {
		run,
		itemIndex,
		patience,
		dataType: 'athlete',
		ifDaysMissing: 'return',
		fetch: async (athlete): Promise<Outcome> => {
			const verdict = await insist(async () => {
				run.assertNotCancelled();
				const query = { user_id: athlete.user_id, to_webhook: false };
				const request = { path: '/athlete', query, timeout: timeoutMs };
				return judgeRecords(await exchange.call(this, request), request.path);
			}, patience);
			if (verdict.kind !== 'ok') return { answered: 0, gaps: [], refusal: verdict.reason };

			const { user = athlete, records } = verdict.value;
			profiles.push(...records.map((record) => shapeRecord('athlete', record, user, shape)));
			return { answered: 1, gaps: [] };
		},
	});
	return [...profiles, ...missing];
}
