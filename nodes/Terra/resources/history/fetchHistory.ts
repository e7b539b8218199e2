import type { DayBudget } from '../../terra/budget';
import { daysOf, halve, type DateWindow, type Order } from '../../terra/days';
import type { Explanation } from '../../transport/errors';
import { insist, type Patience, type Settled } from '../../transport/insist';
import { timing } from '../../transport/timing';
import type { Records, Refusal, Verdict } from '../../transport/verdict';

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
 * Fetches one athlete's windows one after the other. A window that is too large is halved, down to a day. A day
 * that cannot be had leaves a gap; what concerns every day alike ends it.
 */
export async function fetchHistory(history: History): Promise<Outcome> {
	const { order, take } = history;
	const queue = [...history.windows].reverse();
	const gaps: Gap[] = [];
	let answered = 0;
	let failedInARow = 0;

	for (let window = queue.pop(); window; window = queue.pop()) {
		const settled = await fetchWindow(window, history);
		if (settled.kind === 'ok') {
			answered++;
			failedInARow = 0;
			if (await take(settled.value, window)) break;
			continue;
		}
		const { reason } = settled;
		if (settled.kind === 'smaller' && daysOf(window) > 1) {
			queue.push(...halve(window, order).reverse());
			continue;
		}
		gaps.push({ window, reason });
		// A day that is too large says nothing about the next.
		if (settled.kind !== 'smaller') failedInARow++;
		const isDown = failedInARow >= MAX_FAILURES_IN_A_ROW;
		if (settled.kind === 'refused' || isDown) {
			gaps.push(...queue.reverse().map((untried) => ({ window: untried, reason })));
			return { answered, gaps, refusal: reason };
		}
	}
	return { answered, gaps };
}

async function fetchWindow(
	window: DateWindow,
	{ budget, patience, ask }: History,
): Promise<Settled<Records>> {
	const days = daysOf(window);
	const within = async (): Promise<Verdict<Records>> => {
		const ms = budget.waitFor(days, timing.now());
		if (ms > 0) return { kind: 'again', ms, reason: BUDGET_SPENT };
		budget.spend(days, timing.now());
		return await ask(window);
	};
	return await insist(within, patience, days > 1);
}
