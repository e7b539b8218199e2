import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { currentVersion, installN8n, isN8nVersion } from '../../playground/n8n';

/**
 * `npm run test:e2e -- --n8n 2.8.4 history`: runs these tests against that version of n8n. `--project` selects another
 * jest project that needs a real n8n. Installs n8n before jest starts, so that no test has to wait for it.
 */
async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		options: {
			n8n: { type: 'string', default: currentVersion },
			project: { type: 'string', default: 'e2e' },
			'keep-pictures': { type: 'boolean', default: false },
		},
		allowPositionals: true,
	});
	if (!isN8nVersion(values.n8n))
		throw new Error(`n8n ${values.n8n} is not in playground/n8n/versions.ts`);
	await installN8n(values.n8n);

	const jest = require.resolve('jest/bin/jest');
	const only = positionals.length > 0 ? ['--testPathPatterns', ...positionals] : [];
	const { status } = spawnSync(
		process.execPath,
		[jest, '--selectProjects', values.project, '--runInBand', ...only],
		{
			stdio: 'inherit',
			env: {
				...process.env,
				TERRA_E2E_N8N: values.n8n,
				TERRA_KEEP_PICTURES: String(values['keep-pictures']),
			},
		},
	);
	return status ?? 1;
}

main().then(
	(status) => process.exit(status),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	},
);
