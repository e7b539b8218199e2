import type { Client } from '../transport';
import { DayBudget } from './budget';
import { createLimit, createLock } from './concurrency';
import { fetchHistory, type HistoryEvent, type HistoryQuery, type Progress } from './history';

/** How many users to fetch at a time. */
export const CONCURRENT_USERS = 4;

/** What the histories of one execution share. */
export interface HistoryRun {
	/**
	 * Performs a task for one user: a few users at a time, but one task at a time for each. Terra asks callers not to
	 * hammer one user, and two items of a workflow may be about the same one.
	 */
	forUser<T>(userId: string, task: () => Promise<T>): Promise<T>;
	fetch(query: HistoryQuery): AsyncGenerator<HistoryEvent>;
}

export function createHistoryRun(
	client: Client,
	progress: Progress = { plan: () => {}, windowDone: () => {} },
): HistoryRun {
	const limit = createLimit(CONCURRENT_USERS);
	const lock = createLock();
	const budgets = new Map<string, DayBudget>();

	const budgetOf = (userId: string): DayBudget => {
		const budget = budgets.get(userId) ?? new DayBudget();
		budgets.set(userId, budget);
		return budget;
	};

	return {
		// In this order, so that a task waiting for the same user takes no slot.
		forUser: async (userId, task) => await lock(userId)(async () => await limit(task)),
		fetch: (query) => fetchHistory(query, client, budgetOf(query.userId), progress),
	};
}
