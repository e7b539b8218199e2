import type { JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { idCell } from '../text/cells';
import type { TerraError, User } from '../transport';
import { mapOrdered } from './concurrency';
import type { Coverage } from './coverage';
import { CONCURRENT_USERS, type HistoryRun } from './run';

export interface AthletesTask {
	run: Pick<HistoryRun, 'forUser'>;
	hint(message: string, type?: 'info' | 'warning'): void;
	dataType: string;
	ifDaysMissing: 'return' | 'fail';
	/** Fetches for one athlete. */
	fetch(athlete: User): Promise<Coverage>;
}

interface Failure {
	athlete: User;
	error: TerraError;
	coverage: Coverage;
}

/** How many of those of whom something is missing are named in hints and errors. */
const MOST_NAMED = 5;

/**
 * Does a task for several athletes, a few side by side.
 *
 * @returns an item for each athlete of whom something is missing
 * @throws TerraError when the credential is refused or nothing could be fetched at all; UserError when something is
 * missing and that must fail
 */
export async function forAthletes(
	athletes: AsyncIterable<User>,
	task: AthletesTask,
): Promise<JsonObject[]> {
	let answered = 0;
	const outcomes = await mapOrdered(athletes, CONCURRENT_USERS, async (athlete) => {
		const coverage = await task.run.forUser(athlete.user_id, async () => await task.fetch(athlete));
		answered += coverage.answered;
		const { error } = coverage;
		if (error?.reason === 'credential') throw error;
		return error && { athlete, error, coverage };
	});
	const failures = outcomes.filter((outcome) => outcome !== undefined);
	const [first] = failures;
	if (first && answered === 0) throw first.error;
	return report(failures, task);
}

function report(
	failures: Failure[],
	{ hint, dataType, ifDaysMissing }: AthletesTask,
): JsonObject[] {
	const missing = failures.filter(({ error }) => error.reason !== 'unsupported');
	const others = failures.length - missing.length;
	// The connections of one person, or of any provider: it is no fault that some cannot have this data.
	if (others > 0) {
		hint(
			`${others} ${others === 1 ? 'connection has' : 'connections have'} no ${dataType} data: their providers do not supply it`,
		);
	}
	if (missing.length === 0) return [];

	const items = missing.map((failure) => missingItem(failure, dataType));
	const named = items.slice(0, MOST_NAMED).map(({ message }) => message);
	if (ifDaysMissing === 'fail') throw new UserError('Some days are missing', named.join('. '));
	for (const message of named) hint(message, 'warning');
	return items;
}

function missingItem({ athlete, error, coverage }: Failure, dataType: string) {
	const missing = coverage.missingDays();
	const stretches = missing.map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
	const what = stretches.length > 0 ? `Days missing (${shortened(stretches)})` : 'No data returned';
	return {
		type: 'missing',
		status: 'missing',
		data_type: dataType,
		message: `${what} for user ${athlete.user_id}: ${error.message}`,
		next: error.next,
		user_id: idCell(athlete.user_id),
		reference_id: idCell(athlete.reference_id),
		provider: idCell(athlete.provider),
		missing_days: missing,
	};
}

function shortened(stretches: string[]): string {
	const more = stretches.length - 3;
	return stretches.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
