import type { DayRange } from '../terra/days';
import type { TerraError } from '../transport';
import type { Gap, HistoryEvent } from './history';
import { missingDays, type MissingDays } from './missingDays';

/** What a history returned of one user's range, and what it did not. */
export class Coverage {
	/** Windows with an answer, even an empty one. */
	answered = 0;

	private readonly gaps: Gap[] = [];

	private failure: TerraError | undefined;

	/** @param range what may be missing; undefined if there are no days, as with a profile */
	constructor(private readonly range?: DayRange) {}

	note(event: HistoryEvent): void {
		if (event.kind === 'windowDone') this.answered++;
		if (event.kind === 'gap') this.gaps.push(event);
	}

	/** Notes that nothing could be fetched, for requests without windows. */
	fail(error: TerraError): void {
		this.failure = error;
	}

	/** Why something is missing: preferably the error that ended the history, otherwise that of the first gap. */
	get error(): TerraError | undefined {
		return this.failure ?? (this.gaps.find(({ isFinal }) => isFinal) ?? this.gaps[0])?.error;
	}

	get isComplete(): boolean {
		return this.error === undefined;
	}

	missingDays(): MissingDays[] {
		return this.range ? missingDays(this.gaps, this.range) : [];
	}
}
