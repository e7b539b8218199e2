import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { currentVersion, installN8n, isN8nVersion } from '../../playground/n8n';

/**
 * `npm run test:e2e -- --n8n 2.8.4 history`: these tests against that version of n8n.
 * Installs it before jest starts, so that no test has to wait for it.
 */
async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		options: { n8n: { type: 'string', default: currentVersion } },
		allowPositionals: true,
	});
	if (!isN8nVersion(values.n8n))
		throw new Error(`n8n ${values.n8n} is not in playground/n8n/versions.ts`);
	await installN8n(values.n8n);

	const jest = require.resolve('jest/bin/jest');
	const { status } = spawnSync(
		process.execPath,
		[jest, '--selectProjects', 'e2e', '--runInBand', ...positionals],
		{ stdio: 'inherit', env: { ...process.env, TERRA_E2E_N8N: values.n8n } },
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
