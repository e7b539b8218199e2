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
/** Of the attempts at the first delivery, the listener accepts the third; the fourth is a resend. */
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
	const sandbox = values.sandbox ? await startSandboxWithWebhook() : undefined;
	try {
		const access = sandbox ? accessTo(sandbox) : await accessOf(process.env, process.stdin.isTTY);
		console.log('\nThis only reads and does dry runs: it changes nothing and connects nobody.\n');
		const answers = await askAll(new Terra(access), (line) => console.log(`  ${line}`));
		if (values.receive) {
			const port = Number(values.port ?? (sandbox ? 0 : 4620));
			answers.push(...(await receive(access, port, Number(values.minutes), sandbox)));
		}
		await report(answers, access, values.out);
	} finally {
		await sandbox?.close();
	}
}

/** Most dry runs need a webhook, so it has one to which nothing is sent. */
async function startSandboxWithWebhook(): Promise<Sandbox> {
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
	console.log(
		'Check it, then attach it to an issue of the kind "Seen with a real Terra account".\n',
	);
}

/** Waits for a delivery and its retries, from the sandbox or from Terra. */
async function receive(
	access: Access,
	port: number,
	minutes: number,
	sandbox?: Sandbox,
): Promise<Answer[]> {
	const listener = await listen(port, access.signingSecret);
	const limit = new Promise<void>((resolve) => setTimeout(resolve, minutes * MINUTE_MS).unref());
	try {
		if (sandbox) await sendFromSandbox(sandbox, listener);
		else await Promise.race([waitForTerra(listener, minutes), limit]);
		return findingsOf(listener.attempts);
	} finally {
		await listener.close();
	}
}

async function waitForTerra(listener: Listener, minutes: number): Promise<void> {
	console.log(`
Listening at ${listener.url} for at most ${minutes} minutes.

  1. Make it reachable from the internet over https, for example with a tunnel.
  2. In Terra's dashboard, in the Testing environment, set that address as the webhook.
  3. Generate an event there, of any type.

The first delivery is refused twice, to see how Terra retries it. That takes a few minutes.
`);
	await listener.heard(1);
	console.log('The first delivery arrived and was answered with 500.');
	await listener.heard(2);
	console.log('Terra retried it; answered with 400.');
	await listener.heard(ACCEPTED);
	console.log("Terra retried it again; accepted. Now resend it in Terra's dashboard.");
	await listener.heard(RESENT);
}

async function sendFromSandbox(sandbox: Sandbox, listener: Listener): Promise<void> {
	sandbox.setDestination(listener.url);
	const { delivery } = await sandbox.finishRide({ durationSeconds: 600 });
	await listener.heard(ACCEPTED);
	await sandbox.settled();
	if (delivery) await sandbox.resend(delivery.traceId);
}
