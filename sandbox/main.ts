import { parseArgs } from 'node:util';
import { startSandbox } from './index';

/** `npx tsx sandbox/main.ts --port 4610 --destination http://127.0.0.1:5678/webhook/...` */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4610' },
			destination: { type: 'string' },
			seed: { type: 'string', default: '1' },
			'time-scale': { type: 'string', default: '1' },
			quiet: { type: 'boolean', default: false },
		},
	});
	const sandbox = await startSandbox({
		port: Number(values.port),
		seed: Number(values.seed),
		timeScale: Number(values['time-scale']),
		log: values.quiet ? undefined : (line) => console.log(line),
	});
	if (values.destination) sandbox.setDestination(values.destination);

	console.log(`Terra sandbox    ${sandbox.url}`);
	console.log(`Base URL         ${sandbox.apiBase}`);
	console.log(`Admin base       ${sandbox.adminBase}`);
	console.log(`Developer ID     ${sandbox.devId}`);
	console.log(`API key          ${sandbox.apiKey}`);
	console.log(`Signing secret   ${sandbox.signingSecret}`);
	console.log('Press Ctrl-C to stop.');

	const stop = () => void sandbox.close();
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

void main().catch((error: unknown) => {
	const { code, message } = error as NodeJS.ErrnoException;
	const isTaken = code === 'EADDRINUSE';
	console.error(
		isTaken
			? 'This port is in use. Choose another with --port, or let --port 0 pick a free one.'
			: message,
	);
	process.exitCode = 1;
});
