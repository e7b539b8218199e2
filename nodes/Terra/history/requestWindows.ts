import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { DataType } from '../terra/dataTypes';
import {
	addDays,
	cutWindow,
	earlier,
	windowAround,
	type DateWindow,
	type DayRange,
	type Order,
} from '../terra/days';
import type { Patience } from '../transport/retry';
import { exchange } from '../transport/client';
import { timing } from '../transport/clock';
import type { Records, Response, Verdict } from '../transport/verdict';
import type { Run } from '../n8n/run';
import { fetchHistory, type Outcome } from './fetchHistory';

export interface WindowRequests {
	run: Run;
	type: DataType;
	userId: string;
	range: DayRange;
	order: Order;
	daysPerRequest: number;
	/** Requests under way at the same time; 1 unless given. */
	atOnce?: number;
	patience: Patience;
	timeoutMs: number;
	query: IDataObject;
	judge: (response: Response, path: string) => Verdict<Records>;
	/** Takes what a window brought. @returns true when that is enough */
	take: (records: Records, window: DateWindow) => boolean | Promise<boolean>;
}

/** Requests one athlete's range, window by window. */
export async function requestWindows(
	this: IExecuteFunctions,
	{ run, type, userId, range, order, daysPerRequest, atOnce = 1, ...how }: WindowRequests,
): Promise<Outcome & { range: DayRange }> {
	const budget = run.budgetOf(userId);
	const windows = cutWindow(windowFor(range), daysPerRequest, order);
	run.plan(windows.length);

	const outcome = await fetchHistory({
		windows,
		order,
		atOnce,
		budget,
		patience: how.patience,
		ask: async (window) => {
			run.assertNotCancelled();
			const query = { user_id: userId, ...window, ...how.query };
			const path = `/${type}`;
			const response = await exchange.call(this, { path, query, timeout: how.timeoutMs });
			run.assertNotCancelled();
			if ('headers' in response) budget.learn(response.headers, timing.now());
			return how.judge(response, path);
		},
		take: (records, window) => {
			run.windowDone(records.records.length);
			return how.take(records, window);
		},
	});
	return { ...outcome, range };
}

/** Nothing can have been recorded after tomorrow, wherever the athlete is. */
function windowFor({ from, to }: DayRange): DateWindow {
	const tomorrow = addDays(new Date(timing.now()).toISOString().slice(0, 10), 1);
	const window = windowAround({ from, to: earlier(to, tomorrow) });
	return { ...window, end_date: earlier(window.end_date, addDays(tomorrow, 1)) };
}
