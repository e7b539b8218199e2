/** What the package promises about its speed. `npm run bench` fails if one of these is missed. */
export interface Budget {
	name: BudgetName;
	/** As a row of the table in docs/scaling.md. */
	text: string;
	/** Without a limit the figure is shown and not judged. */
	atLeast?: number;
	atMost?: number;
}

/**
 * Ratios of ours to theirs, measured in turns in one run, so that a slow machine slows both; pictures have no rival
 * and are measured alone. "Bare" is n8n's own
 * Webhook node, which verifies nothing; "recipe" is what a user builds from core nodes to verify a delivery.
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
	{
		// n8n prepares a sandbox before each delivery, but not before one for its own Webhook node: that is the limit.
		name: 'acceptedDefaults',
		text: "… with n8n's default settings, against a trigger that refuses everything",
		atLeast: 0.6,
	},
	{ name: 'acceptedDefaultsBare', text: '… against the bare Webhook node' },
	{
		name: 'latency',
		text: 'Time to an answer at 10 connections, against the bare Webhook node',
		atMost: 1,
	},
	{
		name: 'forged',
		text: 'Forged deliveries refused, against a trigger that refuses everything',
		atLeast: 0.9,
	},
	{ name: 'forgedExecutions', text: 'Executions stored for a forged delivery', atMost: 0 },
	{ name: 'thousand', text: '1,000 rides at once: seconds to the last answer', atMost: 8 },
	{ name: 'thousandWrong', text: '… lost, doubled or not answered', atMost: 0 },
	{ name: 'thousandMemory', text: "… n8n's memory at its peak, in MB", atMost: 1500 },
	{ name: 'largeWrong', text: '60 rides of 10 MB at once: lost, doubled, not answered', atMost: 0 },
	{ name: 'largeMemory', text: "… n8n's memory at its peak, in MB", atMost: 1500 },
	{ name: 'bytes', text: 'Database bytes for a ride of 3 h, against the recipe', atMost: 0.001 },
	{
		name: 'cpu',
		text: 'CPU for a 5 MB ride outside n8n, against one HMAC and one parse',
		atMost: 1.1,
	},
	{ name: 'historyTime', text: 'Five years of history, time against core nodes', atMost: 0.33 },
	{ name: 'historyMemory', text: '… peak memory against core nodes', atMost: 0.5 },
	{ name: 'pictureMs', text: 'A picture of a ride of five hours, ms of CPU', atMost: 150 },
	{ name: 'pictureBytes', text: '… bytes of the PNG', atMost: 130_000 },
] as const satisfies ReadonlyArray<Omit<Budget, 'name'> & { name: string }>;

export type BudgetName = (typeof BUDGETS)[number]['name'];

/** Medians by budget; a part measures some of them. */
export type Measured = Partial<Record<BudgetName, number>>;

export function isMet({ atLeast = -Infinity, atMost = Infinity }: Budget, value: number): boolean {
	return value >= atLeast && value <= atMost;
}

/** @returns the Markdown table of the budgets that were measured */
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
