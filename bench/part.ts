import type { Sandbox } from '../sandbox';
import type { Measured } from './budgets';

export interface Setting {
	sandbox: Sandbox;
	/** The packed package. */
	tarball: string;
	/** Only check that everything can be measured: fewer deliveries and rounds. */
	quick: boolean;
}

/** Measures some of the budgets. */
export type Part = (setting: Setting) => Promise<Measured>;
