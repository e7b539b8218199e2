/** What the package promises about its speed. `npm run bench` fails if one of these is missed. */
export interface Budget {
	name: BudgetName;
	/** As a row of the table in docs/scaling.md. */
	text: string;
	atLeast?: number;
	atMost?: number;
}

/**
 * Ratios of ours to theirs, measured in turns in one run, so that a slow machine slows both. "Bare" is n8n's own
 * Webhook node, which verifies nothing; "recipe" is what a user builds from core nodes to verify a delivery.
 */
export const BUDGETS = [
	{
		name: 'accepted',
		text: 'Rides accepted, 4 kB each, against the bare Webhook node',
		atLeast: 1,
	},
	{ name: 'accepted100kB', text: '… 100 kB each', atLeast: 1 },
	{ name: 'accepted5MB', text: '… 5 MB each', atLeast: 1 },
	{ name: 'acceptedRecipe', text: 'Rides accepted, 4 kB each, against the recipe', atLeast: 4 },
	{ name: 'memory', text: 'Rides accepted with deduplication, against without', atLeast: 0.95 },
	{ name: 'forged', text: 'Forged deliveries refused, against the recipe', atLeast: 25 },
	{ name: 'forgedExecutions', text: 'Executions stored for a forged delivery', atMost: 0 },
	{ name: 'bytes', text: 'Database bytes for a ride of 3 h, against the recipe', atMost: 0.01 },
	{
		name: 'acceptedDefaults',
		text: "Rides accepted with n8n's defaults, against the bare Webhook node",
		atLeast: 0.6,
	},
	{
		name: 'forgedDefaults',
		text: "Forged deliveries refused with n8n's defaults, against the recipe",
		atLeast: 2,
	},
	{
		name: 'cpu',
		text: 'CPU for a 5 MB ride outside n8n, against one HMAC and one parse',
		atMost: 1.2,
	},
	{ name: 'historyTime', text: 'Five years of history, time against core nodes', atMost: 0.33 },
	{ name: 'historyMemory', text: '… peak memory against core nodes', atMost: 0.5 },
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
		const limit = budget.atLeast === undefined ? `≤ ${budget.atMost}` : `≥ ${budget.atLeast}`;
		return `| ${budget.text} | ${value} | ${limit} | ${isMet(budget, value) ? 'met' : '**missed**'} |`;
	});
	return ['| | Measured | Budget | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
