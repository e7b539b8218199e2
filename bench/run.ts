import { parseArgs } from 'node:util';

import { currentVersion, installN8n, packNodes } from '../playground/n8n';
import { missingServices } from '../playground/n8n/services';
import { startSandbox } from '../sandbox';
import { makerOf } from './deliveries';
import { measureColdLoad, measureOwnCpu } from './own';
import { write } from './report';
import type { Plan } from './plan';
import { fullPlan, quickPlan } from './plan';
import { measureInstallations } from './installations';
import { summarise } from './summary';

/**
 * `npm run bench`: this package against the bare Webhook node and a recipe of core nodes, in the same n8n.
 * Writes bench/results.json and the table in docs/scaling.md; `--quick` only shows that everything can be measured.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
	const plan: Plan = values.quick ? quickPlan : fullPlan;
	await installN8n(currentVersion);
	const missing = missingServices();
	if (missing) console.log(`Without queue mode: ${missing}`);

	const sandbox = await startSandbox();
	try {
		const tarball = await packNodes();
		const measurements = await measureInstallations({ plan, sandbox, tarball, queue: !missing });
		const make = await makerOf(sandbox, '5 MB');
		const own = await measureOwnCpu(
			make(plan.ownDeliveries, sandbox.signingSecret),
			sandbox.signingSecret,
		);
		const results = summarise({ plan, measurements, own, coldLoad: await measureColdLoad() });
		if (values.quick) console.log(JSON.stringify({ ...results, measurements: undefined }, null, 2));
		else await write(results);
	} finally {
		await sandbox.close();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
