/** A performance budget. `npm run bench` fails if one is missed. */
export interface Budget {
	name: BudgetName;
	/** The label of its row in docs/scaling.md. */
	text: string;
	/** Without `atLeast` and `atMost`, the figure is reported but not judged. */
	atLeast?: number;
	atMost?: number;
}

/**
 * Most budgets are ratios of our node to a rival, measured alternately in one run, so that a slow machine slows both.
 * Pictures have no rival. "Bare" is n8n's own Webhook node, which verifies nothing; "recipe" is what a user builds from
 * core nodes to verify a delivery.
 */
export const BUDGETS = [
	{
		name: 'accepted',
		text: 'Rides accepted, 4 kB each, 10 connections, against the bare Webhook node',
		atLeast: 2,
	},
	{ name: 'accepted50', text: '… 50 connections', atLeast: 3 },
	{ name: 'accepted100kB', text: '… 100 kB each, 10 connections', atLeast: 2 },
	{ name: 'acceptedQueue1', text: '… in queue mode, one webhook process and worker', atLeast: 2 },
	{ name: 'acceptedQueue2', text: '… in queue mode, two of each', atLeast: 2 },
	{ name: 'acceptedDefaults50', text: "… with n8n's default settings, 50 connections", atLeast: 1 },
	{ name: 'acceptedDefaultsBare', text: "… with n8n's default settings, 10 connections" },
	{
		// n8n prepares an expression sandbox before each delivery, except for its own Webhook node. That sets the limit.
		name: 'acceptedDefaults',
		text: "… with n8n's default settings, against a trigger that refuses everything",
		atLeast: 0.6,
	},
	{
		name: 'latency',
		text: 'Response time at 10 connections, against the bare Webhook node',
		atMost: 1,
	},
	{
		name: 'forged',
		text: 'Forged deliveries refused, against a trigger that refuses everything',
		atLeast: 0.9,
	},
	{ name: 'forgedExecutions', text: 'Executions stored for a forged delivery', atMost: 0 },
	{ name: 'thousand', text: '1,000 rides at once: seconds to the last answer', atMost: 8 },
	{ name: 'thousandWrong', text: '… lost, duplicated or unanswered', atMost: 0 },
	{ name: 'thousandMemory', text: "… n8n's peak memory, in MB", atMost: 1500 },
	{
		name: 'largeWrong',
		text: '60 rides of 10 MB at once: lost, duplicated or unanswered',
		atMost: 0,
	},
	{ name: 'largeMemory', text: "… n8n's peak memory, in MB", atMost: 1500 },
	{ name: 'bytes', text: 'Database bytes for a 3-hour ride, against the recipe', atMost: 0.001 },
	{
		name: 'cpu',
		text: 'CPU for a 5 MB ride outside n8n, against one HMAC and one parse',
		atMost: 1.1,
	},
	{ name: 'historyTime', text: 'Five years of history: time, against core nodes', atMost: 0.33 },
	{ name: 'historyMemory', text: '… peak memory, against core nodes', atMost: 0.5 },
	{ name: 'pictureMs', text: 'A picture of a five-hour ride: CPU time in ms', atMost: 150 },
	{ name: 'pictureBytes', text: '… size of the PNG in bytes', atMost: 130_000 },
] as const satisfies ReadonlyArray<Omit<Budget, 'name'> & { name: string }>;

export type BudgetName = (typeof BUDGETS)[number]['name'];

/** Medians by budget; each part of the bench measures some of them. */
export type Measured = Partial<Record<BudgetName, number>>;

export function isMet({ atLeast = -Infinity, atMost = Infinity }: Budget, value: number): boolean {
	return value >= atLeast && value <= atMost;
}

/** @returns a Markdown table of the measured budgets */
export function table(measured: Measured): string {
	const rows = (BUDGETS as readonly Budget[]).flatMap((budget) => {
		const value = measured[budget.name];
		if (value === undefined) return [];
		return [`| ${budget.text} | ${value} | ${limitOf(budget)} | ${verdict(budget, value)} |`];
	});
	return ['| | Measured | Budget | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function limitOf({ atLeast, atMost }: Budget): string {
	if (atLeast !== undefined) return `≥ ${atLeast}`;
	return atMost === undefined ? '' : `≤ ${atMost}`;
}

function verdict(budget: Budget, value: number): string {
	if (limitOf(budget) === '') return '';
	return isMet(budget, value) ? 'met' : '**missed**';
}
