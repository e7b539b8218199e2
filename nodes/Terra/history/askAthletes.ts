import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { idCell } from '../text/cells';
import type { DayRange } from '../terra/days';
import type { JsonObject } from '../terra/json';
import type { Patience } from '../transport/retry';
import { refusalError } from '../transport/client';
import type { Refusal } from '../transport/verdict';
import { readAthletes, type Athlete } from '../fields/athletes';
import type { Run } from '../n8n/run';
import { sideBySide } from './turns';
import type { Outcome } from './fetchHistory';
import { missingDays } from './missingDays';

export interface Task {
	run: Run;
	itemIndex: number;
	patience: Patience;
	dataType: string;
	ifDaysMissing: 'return' | 'fail';
	/** Fetches for one athlete; the range is what may be missing of it. */
	fetch: (athlete: Athlete) => Promise<Outcome & { range?: DayRange }>;
}

interface Failure {
	athlete: Athlete;
	reason: Refusal;
	missing: ReturnType<typeof missingDays>;
}

/**
 * Does a task for every athlete that the item's fields ask for, a few side by side.
 *
 * @returns an item for each athlete of whom something is missing
 * @throws NodeApiError when the credential is refused or nothing could be had at all; NodeOperationError when
 * something is missing and that must fail
 */
export async function askAthletes(this: IExecuteFunctions, task: Task): Promise<JsonObject[]> {
	const { run, itemIndex, patience, fetch } = task;
	const failures: Failure[] = [];
	let answered = 0;

	const athletes = readAthletes.call(this, itemIndex, patience);
	await sideBySide(athletes, run.atOnce, async (athlete) => {
		const outcome = await run.turns.take(athlete.user_id, async () => await fetch(athlete));
		answered += outcome.answered;
		const reason = outcome.refusal ?? outcome.gaps[0]?.reason;
		if (reason?.isFatal) throw refusalError.call(this, reason, itemIndex);
		if (!reason) return;
		const missing = outcome.range ? missingDays(outcome.gaps, outcome.range) : [];
		failures.push({ athlete, reason, missing });
	});

	const [first] = failures;
	if (first && answered === 0) throw refusalError.call(this, first.reason, itemIndex);
	return reportFailures.call(this, failures, task);
}

function reportFailures(
	this: IExecuteFunctions,
	failures: Failure[],
	{ run, itemIndex, dataType, ifDaysMissing }: Task,
): JsonObject[] {
	const missing = failures.filter(({ reason }) => !reason.isUnsupported);
	const others = failures.length - missing.length;
	// The connections of one person, or of any provider: it is no fault that some cannot have this data.
	if (others > 0) {
		run.hint(
			`${others} ${others === 1 ? 'connection has' : 'connections have'} no ${dataType} data: their providers do not supply it`,
		);
	}
	if (missing.length === 0) return [];

	const told = missing.map((failure) => tell(failure, dataType));
	if (ifDaysMissing === 'fail') {
		throw new NodeOperationError(this.getNode(), 'Some days are missing', {
			itemIndex,
			description: told
				.slice(0, 5)
				.map(({ message }) => message)
				.join('. '),
		});
	}
	for (const { message } of told.slice(0, 5)) run.hint(message, 'warning');
	return told;
}

function tell({ athlete, reason, missing }: Failure, dataType: string) {
	const stretches = missing.map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
	const which =
		stretches.length > 0 ? `Days are missing (${listed(stretches)})` : 'Nothing was brought';
	return {
		type: 'missing',
		status: 'missing',
		data_type: dataType,
		message: `${which} of the user ${athlete.user_id}: ${reason.message}`,
		next: reason.description,
		user_id: idCell(athlete.user_id),
		reference_id: idCell(athlete.reference_id),
		provider: idCell(athlete.provider),
		missing_days: missing,
	};
}

function listed(stretches: string[]): string {
	const more = stretches.length - 3;
	return stretches.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
