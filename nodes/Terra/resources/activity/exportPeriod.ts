import { Coverage, forAthletes, Timeline } from '../../history';
import type { Output, Services } from '../../n8n';
import { isWithin } from '../../terra/days';
import { stateOf } from '../../output';
import { unwantedBecause } from '../../ride/filter';
import { rideOf } from '../../ride/ride';
import { fingerprint } from '../../terra/fingerprint';
import { recordKey } from '../../terra/keys';
import { timesOf } from '../../terra/recordTimes';
import { UserError } from '../../terra/userError';
import { mergeUser, type User } from '../../transport';
import type { ExportMany } from './exportFields';
import { hintIfFewer } from '../latest';
import { fileItem } from './fileItem';

/** Files for all activities of a period, the newest first. */
export async function exportPeriod(query: ExportMany, services: Services): Promise<Output[]> {
	const { athletes, latest, limit, longestWaitMs, ifDaysMissing } = query;
	const files = new Timeline<Output | UserError>('newest', limit);
	const written = new Set<string>();

	const missing = await forAthletes(athletes, {
		services,
		dataType: 'activity',
		ifDaysMissing,
		longestWaitMs,
		fetch: async (athlete) => await writeFiles(athlete, query, services, files, written),
	});
	const found = files.list().map(({ value }) => orThrow(value));
	hintIfFewer(latest, found.length, services);
	return [...found, ...missing];
}

async function writeFiles(
	athlete: User,
	{ range, limit, filters, longestWaitMs, file: request }: ExportMany,
	services: Services,
	files: Timeline<Output | UserError>,
	written: Set<string>,
): Promise<Coverage> {
	const coverage = new Coverage(range);
	const events = services.history.fetch({
		type: 'activity',
		userId: athlete.user_id,
		range,
		order: 'newest',
		withSamples: true,
		longestWaitMs,
	});
	for await (const event of events) {
		coverage.note(event);
		if (event.kind === 'windowDone' && files.isFullAfter(event.window)) break;
		if (event.kind !== 'record') continue;

		const { record } = event;
		const times = timesOf('activity', record, services.timezone);
		if (!isWithin(times.day, range)) continue;
		if (stateOf('activity', record) !== null) continue;
		const ride = rideOf(record, undefined, services.timezone);
		if (unwantedBecause(ride, filters) !== undefined) continue;
		const user = await services.completeUser(mergeUser(athlete, event.user), { longestWaitMs });
		const key = recordKey('activity', record, user) ?? `${athlete.user_id}:${fingerprint(record)}`;
		// A ride at the border of two requests is in both.
		if (written.has(key)) continue;
		if (!files.hasRoomFor(times)) continue;
		written.add(key);
		// Written at once, so that the samples of all rides are never in memory together.
		const file = await fileItem(record, user, request, services);
		// With a limit, later rides may push it out.
		files.add(key, times, limit === Infinity ? orThrow(file) : file);
	}
	return coverage;
}

function orThrow(file: Output | UserError): Output {
	if (file instanceof UserError) throw file;
	return file;
}
