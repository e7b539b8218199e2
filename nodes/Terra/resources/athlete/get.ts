import { columnsOfRecords } from '../../rows/recordRow';
import { athleteFields, readAthletes } from '../../fields/athletes';
import { longestWaitOption, readHistoryOptions } from '../../fields/history';
import { optionsField } from '../../fields/show';
import { readView, simplifyField } from '../../fields/view';
import { Coverage, forAthletes } from '../../history';
import { operation } from '../../n8n';
import { present } from '../../output';
import type { JsonObject } from '../../terra/json';
import { mergeUser, recordsReader, type User } from '../../transport';

export const get = operation({
	option: {
		name: 'Get',
		value: 'get',
		description: 'Get the profile of an athlete, as far as the provider shares it',
		action: 'Get athlete profile',
	},
	forModel:
		'Gets the profile of an athlete, as far as the provider shares it. Athlete: reference ID, such as rider-0042, or user_id.',
	columns: columnsOfRecords('athlete'),
	fields: [...athleteFields(), simplifyField({}), optionsField([longestWaitOption])],
	read: (parameters, { timezone }) => ({
		athletes: readAthletes(parameters),
		view: readView(parameters, timezone),
		retry: { longestWaitMs: readHistoryOptions(parameters).longestWaitMs },
	}),
	emptyHint: 'Terra has no profile: the provider does not share one.',
	async run({ athletes, view, retry }, services) {
		const { client } = services;
		const profiles: JsonObject[] = [];
		const fetch = async (athlete: User): Promise<Coverage> => {
			const coverage = new Coverage();
			const answer = await client.ask(
				{
					path: '/athlete',
					query: { user_id: athlete.user_id, to_webhook: false },
					about: { kind: 'records', type: 'athlete' },
					read: recordsReader({ type: 'athlete', userId: athlete.user_id }),
				},
				retry,
			);
			if (answer.kind !== 'data') {
				coverage.fail(answer.error);
				return coverage;
			}
			coverage.answered++;
			const { records } = answer.value;
			const user = mergeUser(athlete, answer.value.user);
			profiles.push(...records.map((record) => present('athlete', record, user, view)));
			return coverage;
		};
		const missing = await forAthletes(athletes, {
			services,
			dataType: 'athlete',
			ifDaysMissing: 'return',
			longestWaitMs: retry.longestWaitMs,
			fetch,
		});
		return [...profiles.map((json) => ({ json })), ...missing];
	},
});
