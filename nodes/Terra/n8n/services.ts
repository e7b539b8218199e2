import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { dayIn } from '../fields/values';
import { createHistoryRun } from '../history';
import { lastDeliveriesOf, lastPassesOf, notesSince } from '../inbox';
import type { ReadContext, Services } from './operation';
import { clock, createClient, userCompleter } from '../transport';
import { adminFor, connectionOf, environmentSecret } from './connection';
import { seenKeysOf } from './seenKeys';
import { webhookBaseUrlOf } from './webhookBaseUrl';

const REPORT_EVERY_MS = 10_000;

/** What the items of one execution share, and what to do when they are done. */
export function createServices(context: IExecuteFunctions, resource: string) {
	const timezone = context.getTimezone();
	const today = dayIn(timezone, new Date(clock.now()));
	const hints = new Map<string, NodeExecutionHint>();
	const toNote: string[] = [];
	const progress = reportProgress((line) => context.logger.info(`Terra: ${line}`));
	const client = createClient(connectionOf(context), {
		signal: context.getExecutionCancelSignal(),
		onWait: progress.waiting,
	});

	const services: Services = {
		client,
		completeUser: userCompleter(client),
		history: createHistoryRun(client, progress),
		timezone,
		today,
		hint: (message, type = 'info') => {
			hints.set(message, { message, type, location: 'outputPane' });
		},
		makeFile: async (content, name, mimeType) =>
			await context.helpers.prepareBinaryData(Buffer.from(content), name, mimeType),
		continueOnFail: context.continueOnFail(),
		seen: seenKeysOf(context),
		noteOnSuccess: (keys) => void toNote.push(...keys),
		hasSigningSecret: async () => {
			const { signingSecrets } = await context.getCredentials('terraApi');
			if (String(signingSecrets ?? '').trim() !== '') return true;
			return (await environmentSecret(context)) !== '';
		},
		admin: async () => await adminFor(context),
		deliveries: () => {
			const credential = context.getNode().credentials?.terraApi?.id ?? '';
			return {
				since: notesSince,
				triggers: lastDeliveriesOf(credential),
				passes: lastPassesOf(credential),
			};
		},
		webhookBaseUrl: webhookBaseUrlOf(context),
	};
	const { parameters } = context.getNode();
	const readContext: ReadContext = {
		resource,
		timezone,
		today,
		isExpression: (field) => String(parameters[field] ?? '').startsWith('='),
	};
	return {
		services,
		readContext,
		toNote,
		showHints: () => {
			if (progress.isWorthTelling()) services.hint(progress.summary());
			// Old versions of n8n have no hints.
			context.addExecutionHints?.(...hints.values());
		},
	};
}

/** Reports the progress of a long run in n8n's log. */
function reportProgress(log: (line: string) => void) {
	const begunAt = clock.now();
	let reportedAt = begunAt;
	let planned = 0;
	let windows = 0;
	let records = 0;
	let waits = 0;
	let waitedMs = 0;

	const summary = () => {
		const waited = waits > 0 ? `, waited ${inWords(waitedMs)} in all` : '';
		// Halving windows makes more requests than planned.
		return `${windows} of ${Math.max(planned, windows)} requests done, ${records} records${waited}`;
	};

	return {
		summary,
		isWorthTelling: () => waits > 0 || clock.now() > begunAt + REPORT_EVERY_MS,
		plan: (count: number) => {
			planned += count;
		},
		windowDone: (count: number) => {
			windows++;
			records += count;
			if (clock.now() < reportedAt + REPORT_EVERY_MS) return;
			reportedAt = clock.now();
			log(summary());
		},
		waiting: (ms: number, { message }: Error) => {
			waits++;
			waitedMs += ms;
			log(`waiting ${inWords(ms)} (${message}); ${summary()}`);
		},
	};
}

function inWords(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
