import { ESSENTIAL_COLUMNS } from '../../rows/rideRow';
import { athletesFor } from '../../transport';
import { operation, type Output, type Services } from '../../n8n';
import { UserError } from '../../terra/userError';
import { exportFields, readExport, type ExportOne, type ExportQuery } from './exportFields';
import { exportPeriod } from './exportPeriod';
import { fileItem } from './fileItem';
import { findActivity } from './findActivity';
import { asText } from '../../terra/json';
import { SEARCHED_DAYS } from '../../terra/periods';
import { isUuid } from '../../text/plain';
import type { TerraError, User } from '../../transport';

/** Writes activities with their samples to files: an item for each. */
export const exportFiles = operation<ExportQuery>({
	option: {
		name: 'Export',
		value: 'export',
		description:
			'Write activities with all their samples to files: FIT, TCX, GPX, CSV or a picture',
		action: 'Export activities',
	},
	columns: [...ESSENTIAL_COLUMNS, { name: 'file_name', description: 'Name of the file' }],
	fields: exportFields,
	emptyHint: "Terra has no activities in this period, or none that pass 'Filters'.",
	read: readExport,
	async run(query, services) {
		return 'range' in query
			? await exportPeriod(query, services)
			: [await exportOne(query, services)];
	},
});

async function exportOne(query: ExportOne, services: Services): Promise<Output> {
	const { day, file } = query;
	let refusal: TerraError | undefined;
	for await (const athlete of usersFor(query, services)) {
		const { found, error } = await findActivity({ ...query, athlete }, services);
		if (found) {
			const item = await fileItem(found.activity, found.user, file, services);
			if (item instanceof UserError) throw item;
			return item;
		}
		// Another connection of the same person may have it.
		refusal ??= error;
	}
	if (refusal) throw refusal;
	throw new UserError(
		'Terra has no such activity',
		day === undefined
			? `It is not in the last ${SEARCHED_DAYS} days of this athlete. Check 'Activity'; for an older one enter its 'Day' under Options.`
			: "This athlete has no such activity on this day. Check 'Activity', and 'Day' under Options: it is the athlete's local date.",
	);
}

async function* usersFor(
	{ athletes, longestWaitMs }: ExportOne,
	{ client, completeUser }: Services,
): AsyncGenerator<User> {
	const retry = { longestWaitMs };
	if (!('owner' in athletes)) {
		yield* athletesFor(athletes, client, retry);
		return;
	}
	const { owner, provider } = athletes;
	if (isUuid(owner)) {
		const user = await completeUser({ user_id: owner }, retry);
		// A user with this ID who has a reference ID is not the owner: their key would begin with that.
		if (user.provider !== undefined && asText(user.reference_id) === undefined) {
			yield user;
			return;
		}
	}
	for await (const user of athletesFor({ referenceId: owner }, client, retry)) {
		if (asText(user.provider)?.toUpperCase() === provider) yield user;
	}
}
