import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startSandbox, type Sandbox } from '../sandbox';
import { accessOf } from './access';
import { unconfirmedPoints } from './points';
import type { Listener } from './receive';
import { findingsOf, listen } from './receive';
import { asMarkdown, asTable, rowsFor, withoutSecrets } from './report';
import { askAll, type Answer } from './run';
import { Terra, type Access } from './terra';

const MINUTE_MS = 60_000;
/** Attempts at one delivery: two that are refused, one that is accepted, and the same resent. */
const ACCEPTED = 3;
const RESENT = 4;

/** `npm run confirm -- --sandbox --receive` */
export async function confirm(args: string[]): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			sandbox: { type: 'boolean', default: false },
			receive: { type: 'boolean', default: false },
			port: { type: 'string' },
			minutes: { type: 'string', default: '30' },
			out: { type: 'string', default: 'terra-confirmed.md' },
		},
	});
	const sandbox = values.sandbox ? await startListeningSandbox() : undefined;
	try {
		const access = sandbox ? accessTo(sandbox) : await accessOf(process.env, process.stdin.isTTY);
		console.log('\nOnly reads and dry runs: nothing is changed, nobody is connected.\n');
		const answers = await askAll(new Terra(access), (line) => console.log(`  ${line}`));
		if (values.receive) {
			const port = Number(values.port ?? (sandbox ? 0 : 4620));
			answers.push(...(await hear(access, port, Number(values.minutes), sandbox)));
		}
		await report(answers, access, values.out);
	} finally {
		await sandbox?.close();
	}
}

/** Its webhook is nobody: most rehearsals need one, and nothing is sent to it. */
async function startListeningSandbox(): Promise<Sandbox> {
	const sandbox = await startSandbox({ timeScale: 60 });
	sandbox.setDestination('https://example.com/');
	return sandbox;
}

function accessTo(sandbox: Sandbox): Access {
	const { devId, apiKey, apiBase, adminBase, adminToken, signingSecret, users } = sandbox;
	return {
		devId,
		apiKey,
		apiBase,
		adminBase,
		adminToken,
		signingSecret,
		athlete: users[0]?.user_id,
	};
}

async function report(answers: Answer[], access: Access, file: string): Promise<void> {
	const rows = rowsFor(unconfirmedPoints(), answers);
	console.log(`\n${withoutSecrets(asTable(rows), access)}\n`);
	const day = new Date().toISOString().slice(0, 10);
	await writeFile(file, withoutSecrets(asMarkdown(rows, day), access));
	console.log(`The full report, with the shapes of the answers, is in ${file}.`);
	console.log('Look through it, then attach it to an issue "Seen with a real Terra account".\n');
}

async function hear(
	access: Access,
	port: number,
	minutes: number,
	sandbox?: Sandbox,
): Promise<Answer[]> {
	const listener = await listen(port, access.signingSecret);
	const limit = new Promise<void>((resolve) => setTimeout(resolve, minutes * MINUTE_MS).unref());
	try {
		if (sandbox) await playTerra(sandbox, listener);
		else await Promise.race([beToldByTerra(listener, minutes), limit]);
		return findingsOf(listener.attempts);
	} finally {
		await listener.close();
	}
}

async function beToldByTerra(listener: Listener, minutes: number): Promise<void> {
	console.log(`
Listening at ${listener.url} for at most ${minutes} minutes.

  1. Make it reachable from the internet over https, with a tunnel for example.
  2. In Terra's dashboard, in the Testing environment: make that address the webhook.
  3. Generate an event there, of any type.

The first delivery is refused twice, so that its repetitions are seen; that takes Terra some minutes.
`);
	await listener.heard(1);
	console.log('The first delivery has arrived, and was answered with 500.');
	await listener.heard(2);
	console.log('Retried, and answered with 400.');
	await listener.heard(ACCEPTED);
	console.log("Retried, and accepted. Now resend it in Terra's dashboard.");
	await listener.heard(RESENT);
}

async function playTerra(sandbox: Sandbox, listener: Listener): Promise<void> {
	sandbox.setDestination(listener.url);
	const { delivery } = await sandbox.finishRide({ durationSeconds: 600 });
	await listener.heard(ACCEPTED);
	await sandbox.settled();
	if (delivery) await sandbox.resend(delivery.traceId);
}
