import type { Size } from './deliveries';
import type { Kind } from './measure';
import type { RivalName } from './rivals';

/** One comparison: who, under what, how often. */
export interface Comparison {
	size: Size;
	kind: Kind;
	/** Deliveries a round of each rival that takes part. */
	counts: Partial<Record<RivalName, number>>;
	rounds: number;
	/** Default 10, as many as Terra opens here. */
	connections?: number;
}

/** Everything that is measured in one run. */
export interface Plan {
	/** Deliveries to each workflow beforehand, in each installation. */
	warmUp: number;
	/** Further ones to the trigger, so that what it remembers is as much as it ever is. */
	memories: number;
	/** One process, SQLite, with the settings that we recommend. */
	recommended: Comparison[];
	/** The same with n8n's own. */
	defaults: Comparison[];
	/** What one more setting changes, from n8n's own. */
	settings: Array<Record<string, string>>;
	settingsComparison: Comparison;
	/** Queue mode with so many webhook processes and as many workers. */
	queueSizes: number[];
	queue: Comparison;
	/** The recipe takes part here only. */
	queueRecipe: { size: number; comparison: Comparison };
	ownDeliveries: number;
}

const rounds = 7;

export const fullPlan: Plan = {
	warmUp: 40,
	memories: 1000,
	recommended: [
		{
			size: 'small',
			kind: 'genuine',
			counts: {
				trigger: 200,
				'trigger without memory': 200,
				bare: 200,
				'bare with a credential': 200,
				recipe: 40,
			},
			rounds,
		},
		{ size: 'small', kind: 'forged', counts: { trigger: 600, recipe: 40 }, rounds },
		{ size: 'small', kind: 'repeated', counts: { trigger: 200 }, rounds },
		{
			size: '100 kB',
			kind: 'genuine',
			counts: { trigger: 100, bare: 100, recipe: 20 },
			rounds,
		},
		{
			size: '5 MB',
			kind: 'genuine',
			counts: { trigger: 16, bare: 16, recipe: 4 },
			rounds: 3,
			connections: 4,
		},
		{ size: '5 MB', kind: 'forged', counts: { trigger: 16, recipe: 4 }, rounds: 3, connections: 4 },
		{
			size: '3 h',
			kind: 'genuine',
			counts: { trigger: 4, bare: 4, recipe: 2 },
			rounds: 1,
			connections: 2,
		},
	],
	defaults: [
		{
			size: 'small',
			kind: 'genuine',
			counts: { trigger: 80, bare: 80, 'bare with a credential': 80, recipe: 40 },
			rounds,
		},
		{ size: 'small', kind: 'forged', counts: { trigger: 80, recipe: 40 }, rounds },
	],
	settings: [
		{ N8N_EXPRESSION_ENGINE: 'legacy' },
		{ N8N_EXPRESSION_ENGINE_POOL_SIZE: '4' },
		{
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
		},
		{ N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true', N8N_CONCURRENCY_PRODUCTION_LIMIT: '5' },
	],
	settingsComparison: {
		size: 'small',
		kind: 'genuine',
		counts: { trigger: 120, bare: 120 },
		rounds: 3,
	},
	queueSizes: [1, 2, 3, 4],
	queue: { size: 'small', kind: 'genuine', counts: { trigger: 200, bare: 200 }, rounds: 3 },
	queueRecipe: {
		size: 2,
		comparison: {
			size: 'small',
			kind: 'genuine',
			counts: { trigger: 120, 'trigger without memory': 120, recipe: 40 },
			rounds: 3,
		},
	},
	ownDeliveries: 40,
};

/** Enough to see that everything can be measured; the figures mean nothing. */
export const quickPlan: Plan = {
	warmUp: 20,
	memories: 0,
	recommended: [
		{
			size: 'small',
			kind: 'genuine',
			counts: {
				trigger: 30,
				'trigger without memory': 30,
				bare: 30,
				'bare with a credential': 30,
				recipe: 10,
			},
			rounds: 2,
		},
		{ size: 'small', kind: 'forged', counts: { trigger: 50, recipe: 10 }, rounds: 1 },
		{ size: 'small', kind: 'repeated', counts: { trigger: 30 }, rounds: 1 },
		{
			size: '3 h',
			kind: 'genuine',
			counts: { trigger: 1, bare: 1, recipe: 1 },
			rounds: 1,
			connections: 1,
		},
	],
	defaults: [
		{ size: 'small', kind: 'genuine', counts: { trigger: 10, bare: 10, recipe: 10 }, rounds: 1 },
		{ size: 'small', kind: 'forged', counts: { trigger: 10, recipe: 10 }, rounds: 1 },
	],
	settings: [],
	settingsComparison: { size: 'small', kind: 'genuine', counts: {}, rounds: 1 },
	queueSizes: [1],
	queue: { size: 'small', kind: 'genuine', counts: { trigger: 30, bare: 30 }, rounds: 1 },
	queueRecipe: {
		size: 1,
		comparison: {
			size: 'small',
			kind: 'genuine',
			counts: { trigger: 10, 'trigger without memory': 10, recipe: 10 },
			rounds: 1,
		},
	},
	ownDeliveries: 8,
};
