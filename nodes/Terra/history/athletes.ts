import { UserError } from '../terra/userError';
import type { JsonObject } from '../terra/json';
import { cell } from '../text/cells';
import {
	athletesFor,
	explainDeparted,
	type AthleteQuery,
	TerraError,
	type Client,
	type User,
} from '../transport';
import { mapOrdered } from './concurrency';
import { Coverage } from './coverage';
import { CONCURRENT_USERS, type HistoryRun } from './run';

export interface AthletesTask {
	services: {
		client: Client;
		history: Pick<HistoryRun, 'forUser'>;
		hint(message: string, type?: 'info' | 'warning'): void;
		continueOnFail: boolean;
	};
	dataType: string;
	ifDaysMissing: 'return' | 'fail';
	longestWaitMs: number;
	/** Fetches for one athlete. */
	fetch(athlete: User): Promise<Coverage>;
	/** Called if something is missing that a later run may get. */
	onMissing?(): void;
	/** Called with the number of users in Terra's list that have no ID. */
	onUnnamed?(count: number): void;
}

/** What is missing for an athlete, as an item. */
export interface MissingItem {
	json: JsonObject;
	error: TerraError;
}

interface Failure {
	athlete: User;
	error: TerraError;
	coverage: Coverage;
}

/** How many athletes to name in hints and errors if something is missing. */
const MAX_NAMED = 5;

/**
 * Performs a task for several athletes, a few at a time.
 *
 * Missing days are shown above the node's output, or fail the node if the user wants that. If the node goes on after
 * errors, they are also returned as items with an error, which n8n sends to the error output.
 *
 * @throws TerraError when the credential is refused or nothing could be fetched at all; UserError when something is
 * missing and the user chose to fail then
 */
export async function forAthletes(query: AthleteQuery, task: AthletesTask): Promise<MissingItem[]> {
	const { client, history, hint } = task.services;
	const unlisted: Failure[] = [];
	const athletes = athletesFor(
		query,
		client,
		{ longestWaitMs: task.longestWaitMs },
		{
			inactive: (count) =>
				hint(
					count === 1
						? '1 athlete is no longer connected and was left out'
						: `${count} athletes are no longer connected and were left out`,
				),
			unnamed: (count) => {
				hint(unnamedHint(count), 'warning');
				task.onUnnamed?.(count);
			},
			failed: (athlete, error) => void unlisted.push({ athlete, error, coverage: failed(error) }),
		},
	);
	let answered = 0;
	let listError: TerraError | undefined;
	const outcomes = await mapOrdered(
		untilError(athletes, (error) => (listError = error)),
		CONCURRENT_USERS,
		async (athlete) => {
			const coverage = await history.forUser(
				athlete.user_id,
				async () => await fetchFor(athlete, task),
			);
			answered += coverage.answered;
			const { error } = coverage;
			if (error?.reason === 'credential') throw error;
			return error && { athlete, error, coverage };
		},
	);
	const failures = [...outcomes.filter((outcome) => outcome !== undefined), ...unlisted];
	const [first] = failures;
	if (listError && answered === 0) throw listError as TerraError;
	if (first && answered === 0) {
		if ('userId' in query) throw await explainDeparted(client, query.userId, first.error);
		const missing = failures.filter((failure) => !isUnsupported(failure));
		if (missing.length < 2) throw (missing[0] ?? first).error;
		if (!task.services.continueOnFail) {
			throw new TerraError(missing[0]!.error.message, `${namesOf(missing).join('. ')}.`);
		}
	}
	if (listError || failures.some((failure) => !isUnsupported(failure))) task.onMissing?.();
	const items = report(failures, task);
	return listError ? [...items, ...reportList(listError, task)] : items;
}

/** A failure for one athlete does not affect the others. */
async function fetchFor(athlete: User, { fetch }: AthletesTask): Promise<Coverage> {
	const outcome = await fetch(athlete).catch((error: unknown) => error);
	if (outcome instanceof Coverage) return outcome;
	if (outcome instanceof TerraError && outcome.reason !== 'credential') return failed(outcome);
	throw outcome;
}

function failed(error: TerraError): Coverage {
	const coverage = new Coverage();
	coverage.fail(error);
	return coverage;
}

export const unnamedHint = (count: number): string =>
	count === 1
		? "Terra's list of users has one without an ID, who was left out"
		: `Terra's list of users has ${count} without an ID, who were left out`;

/** The elements up to an error, with the error reported separately, so that what was fetched is not lost. */
async function* untilError<T>(
	source: AsyncIterable<T>,
	onError: (error: TerraError) => void,
): AsyncGenerator<T> {
	let count = 0;
	let failure: unknown;
	try {
		for await (const element of source) {
			count++;
			yield element;
		}
		return;
	} catch (error) {
		failure = error;
	}
	if (count === 0 || !(failure instanceof TerraError)) throw failure;
	onError(failure);
}

/** The list of athletes ended early: it is unknown who is missing. */
function reportList(
	error: TerraError,
	{ services: { hint, continueOnFail }, ifDaysMissing }: AthletesTask,
): MissingItem[] {
	const message = `Some athletes are missing: ${error.message}. ${error.next}`.trim();
	if (ifDaysMissing === 'fail') throw error;
	hint(message, 'warning');
	return continueOnFail ? [{ json: { error: message }, error }] : [];
}

/** Whether the connection has no such data at all; with some of it, only days are missing. */
function isUnsupported({ error, coverage }: Failure): boolean {
	return error.reason === 'unsupported' && coverage.answered === 0;
}

function namesOf(missing: Failure[]): string[] {
	const named = missing.slice(0, MAX_NAMED).map(describe);
	const more = missing.length - named.length;
	if (more > 0) named.push(`And ${more} more ${more === 1 ? 'athlete' : 'athletes'}`);
	return named;
}

function report(
	failures: Failure[],
	{ services: { hint, continueOnFail }, dataType, ifDaysMissing }: AthletesTask,
): MissingItem[] {
	const missing = failures.filter((failure) => !isUnsupported(failure));
	const others = failures.length - missing.length;
	// Not every connection of a person, or of every provider, can have this data: that is no fault.
	if (others > 0) {
		hint(
			`${others} ${others === 1 ? 'connection has' : 'connections have'} no ${dataType} data: their providers do not supply it`,
		);
	}
	if (missing.length === 0) return [];

	const named = namesOf(missing);
	if (ifDaysMissing === 'fail') {
		throw new UserError(
			'Some days are missing',
			`${named.join('. ')}. Nothing was returned; to get what there is, set 'If Days Are Missing' under Options.`,
		);
	}
	for (const message of named) hint(message, 'warning');
	return continueOnFail ? missing.map(toItem) : [];
}

function toItem(failure: Failure): MissingItem {
	const { athlete, error, coverage } = failure;
	return {
		json: {
			error: describe(failure),
			user_id: cell(athlete.user_id),
			reference_id: cell(athlete.reference_id),
			provider: cell(athlete.provider),
			missing_days: coverage.missingDays(),
		},
		error,
	};
}

function describe({ athlete, error, coverage }: Failure): string {
	const stretches = coverage
		.missingDays()
		.map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
	const what = stretches.length > 0 ? `Days missing (${shortened(stretches)})` : 'No data returned';
	return `${what} for user ${athlete.user_id}: ${error.message}. ${error.next}`.trim();
}

function shortened(stretches: string[]): string {
	const more = stretches.length - 3;
	return stretches.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
