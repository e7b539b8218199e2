import { confirm } from './confirm';

void confirm(process.argv.slice(2)).catch((error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
