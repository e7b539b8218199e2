import type { Sandbox } from '../sandbox';
import type { Measured } from './budgets';

export interface Setting {
	sandbox: Sandbox;
	/** The package as npm would have it. */
	tarball: string;
	/** As little as shows that it works. */
	quick: boolean;
}

/** Measures some of the budgets. */
export type Part = (setting: Setting) => Promise<Measured>;
