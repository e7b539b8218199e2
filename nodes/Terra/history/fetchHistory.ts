import type { DayBudget } from './budget';
import { daysOf, halve, type DateWindow, type Order } from '../terra/days';
import type { Explanation } from '../transport/errors';
import { insist, type Patience, type Settled } from '../transport/retry';
import { timing } from '../transport/clock';
import type { Records, Refusal, Verdict } from '../transport/verdict';

/** A window that brought nothing, and why. */
export interface Gap {
	window: DateWindow;
	reason: Refusal;
}

export interface Outcome {
	/** How many windows brought an answer, were it an empty one. */
	answered: number;
	gaps: Gap[];
	/** Why the rest was not asked for any more. */
	refusal?: Refusal;
}

export interface History {
	/** In the order to ask for them. */
	windows: DateWindow[];
	order: Order;
	/** How many requests may be under way at most; their answers are taken in order all the same. */
	atOnce: number;
	budget: DayBudget;
	patience: Patience;
	/** Makes one request; it reports to the budget what Terra's headers say. */
	ask: (window: DateWindow) => Promise<Verdict<Records>>;
	/** Takes what a window brought. @returns true when that is enough */
	take: (records: Records, window: DateWindow) => boolean | Promise<boolean>;
}

/** After so many failures in a row Terra is taken to be down, and the remaining days are not tried. */
const MAX_FAILURES_IN_A_ROW = 3;

const BUDGET_SPENT: Explanation = {
	message: 'Terra hands out at most 6,000 days for one user in an hour',
	description:
		"Choose fewer days, try again in an hour, or allow a longer 'Longest Wait' under Options.",
};

/**
 * How many requests may be under way. It begins with one, doubles with every answer, and is one again, for good,
 * when Terra or the provider asks to wait, fails, or sends something else than data.
 */
class Pace {
	width = 1;

	constructor(private most: number) {}

	note(wentWell: boolean): void {
		if (!wentWell) this.most = 1;
		this.width = Math.min(2 * this.width, this.most);
	}
}

interface Pending {
	window: DateWindow;
	/** Missing until the window is asked for. */
	settled?: Promise<Settled<Records>>;
}

/**
 * Fetches one athlete's windows in order. A window that is too large is halved, down to a day. A day that cannot
 * be had leaves a gap; what concerns every day alike ends it.
 */
export async function fetchHistory(history: History): Promise<Outcome> {
	const { order, take } = history;
	const pace = new Pace(history.atOnce);
	const pending: Pending[] = history.windows.map((window) => ({ window }));
	const gaps: Gap[] = [];
	let answered = 0;
	let failedInARow = 0;

	while (pending.length > 0) {
		const { window, settled } = await nextOf(pending, pace, history);
		if (settled.kind === 'ok') {
			answered++;
			failedInARow = 0;
			if (await take(settled.value, window)) break;
			continue;
		}
		const { reason } = settled;
		if (settled.kind === 'smaller' && daysOf(window) > 1) {
			pending.unshift(...halve(window, order).map((half) => ({ window: half })));
			continue;
		}
		gaps.push({ window, reason });
		// A day that is too large says nothing about the next.
		if (settled.kind !== 'smaller') failedInARow++;
		const isDown = failedInARow >= MAX_FAILURES_IN_A_ROW;
		if (settled.kind === 'refused' || isDown) {
			gaps.push(...pending.map((untried) => ({ window: untried.window, reason })));
			return { answered, gaps, refusal: reason };
		}
	}
	return { answered, gaps };
}

/** Takes the first window off the list, with its answer; a few after it are asked for meanwhile. */
async function nextOf(pending: Pending[], pace: Pace, history: History) {
	for (const next of pending.slice(0, pace.width)) {
		next.settled ??= fetchWindow(next.window, pace, history);
		// Nobody may be left to hear of it when an earlier window ends the history.
		next.settled.catch(() => {});
	}
	const { window, settled } = pending.shift()!;
	return { window, settled: await settled! };
}

async function fetchWindow(
	window: DateWindow,
	pace: Pace,
	{ budget, patience, ask }: History,
): Promise<Settled<Records>> {
	const days = daysOf(window);
	const within = async (): Promise<Verdict<Records>> => {
		const ms = budget.waitFor(days, timing.now());
		if (ms > 0) return { kind: 'again', ms, reason: BUDGET_SPENT };
		budget.spend(days, timing.now());
		const verdict = await ask(window);
		pace.note(verdict.kind === 'ok');
		return verdict;
	};
	return await insist(within, patience, days > 1);
}
