import { athleteFields, readAthletes } from '../../fields/athletes';
import {
	ifDaysMissingOption,
	longestWaitOption,
	readHistoryOptions,
	samplesOption,
} from '../../fields/history';
import { periodFields, readRange } from '../../fields/period';
import { optionsField } from '../../fields/show';
import { Coverage, forAthletes, type HistoryEvent } from '../../history';
import { operation } from '../../n8n';
import type { DataType } from '../../terra/events';
import type { JsonObject } from '../../terra/json';
import { mergeUser, type User } from '../../transport';
import { RECORD_NAMES } from './names';

/** Asks Terra to send history to the webhook. One item for each request, with its reference. */
export const requestBackfill = (type: DataType) =>
	operation({
		option: {
			name: 'Request Backfill',
			value: 'requestBackfill',
			description: `Have Terra send ${RECORD_NAMES[type].what} for a range of dates to the Terra Trigger`,
			action: `Request backfill of ${RECORD_NAMES[type].many}`,
		},
		columns: [
			{ name: 'type', description: 'Always "backfill"' },
			{ name: 'data_type', description: 'What was asked for, such as "activity"' },
			{
				name: 'reference',
				description: 'Also in each delivery that answers this request, as "terra_reference"',
			},
			{ name: 'status', description: 'Terra\'s status, such as "success"' },
			{ name: 'message', description: "Terra's message, if it has one" },
			{ name: 'user', description: 'Whose data', type: 'object' },
			{ name: 'start_date', description: 'First day that was asked for' },
			{ name: 'end_date', description: 'The day after the last that was asked for' },
		],
		fields: [
			{
				displayName:
					'Terra sends the data to the webhook of your environment, where a Terra Trigger receives it. Each of those items has the reference that this node returns.',
				name: 'backfillNotice',
				type: 'notice',
				default: '',
			},
			...athleteFields(),
			...periodFields({
				description:
					"Which days to send, up to and including today in the workflow's time zone. Terra counts days in UTC, so the node requests one more day at each end.",
				hint: 'Terra also sends what it has of the day before and the day after',
			}),
			optionsField([ifDaysMissingOption, samplesOption, longestWaitOption]),
		],
		read: (parameters, context) => ({
			...readHistoryOptions(parameters),
			athletes: readAthletes(parameters),
			range: readRange(parameters, context),
		}),
		async run({ athletes, range, withSamples, longestWaitMs, ifDaysMissing }, services) {
			const receipts: JsonObject[] = [];
			const fetch = async (athlete: User): Promise<Coverage> => {
				const coverage = new Coverage(range);
				const events = services.history.fetch({
					type,
					userId: athlete.user_id,
					range,
					order: 'oldest',
					withSamples,
					toWebhook: true,
					longestWaitMs,
				});
				for await (const event of events) {
					coverage.note(event);
					if (event.kind === 'record') receipts.push(toItem(type, athlete, event));
				}
				return coverage;
			};
			const missing = await forAthletes(athletes, {
				services,
				dataType: type,
				ifDaysMissing,
				longestWaitMs,
				fetch,
			});
			return [...receipts.map((json) => ({ json })), ...missing];
		},
	});

function toItem(
	type: DataType,
	athlete: User,
	{ record, user, window }: Extract<HistoryEvent, { kind: 'record' }>,
): JsonObject {
	const { reference, status, message } = record;
	return {
		type: 'backfill',
		data_type: type,
		reference: reference ?? null,
		status: status ?? null,
		message: message ?? null,
		user: mergeUser(athlete, user),
		...window,
	};
}
