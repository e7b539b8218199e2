import { execFileSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { TerraTrigger } from '../nodes/Terra/TerraTrigger.node';
import { currentVersion, installN8n, projectFolder } from '../playground/n8n';
import type { Delivery } from './deliveries';
import type { Spread } from './statistics';
import { spread } from './statistics';

/**
 * CPU of one delivery without n8n around it: parsing the body once, as n8n does, and the trigger's own work.
 * The floor is the same parsing and one HMAC, which nobody can do without.
 */
export async function measureOwnCpu(deliveries: Delivery[], secret: string) {
	const own: number[] = [];
	const floor: number[] = [];
	// The first tells how fast a cold engine is, not how fast the code is.
	for (const [index, delivery] of deliveries.entries()) {
		const measure = {
			own: async () => await cpuMs(() => receive(delivery, secret)),
			floor: async () => await cpuMs(() => verifyAndParse(delivery, secret)),
		};
		// In turns, for the second has the garbage of the first to collect.
		const order = index % 2 === 0 ? (['own', 'floor'] as const) : (['floor', 'own'] as const);
		const ms = { own: 0, floor: 0 };
		for (const name of order) ms[name] = await measure[name]();
		if (index < deliveries.length / 4) continue;
		own.push(ms.own);
		floor.push(ms.floor);
	}
	return { own: spread(own), floor: spread(floor) };
}

async function cpuMs(work: () => unknown): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

function verifyAndParse({ headers, body }: Delivery, secret: string) {
	const [timestamp] = /\d+/.exec(headers['x-terra-signature']!)!;
	createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
	JSON.parse(body.toString('utf8'));
}

/** What is published, not its source. */
const published = createRequire(join(projectFolder, 'dist/'))(
	'./nodes/Terra/TerraTrigger.node.js',
) as {
	TerraTrigger: new () => TerraTrigger;
};
const trigger = new published.TerraTrigger();
const defaults = new Map(trigger.description.properties.map((one) => [one.name, one.default]));

/** As little of n8n as the trigger needs. */
async function receive({ headers, body }: Delivery, secret: string): Promise<void> {
	const response = { type: () => response, statusCode: 200, end: () => response };
	const context = {
		getRequestObject: () => ({ headers, rawBody: body, body: JSON.parse(body.toString('utf8')) }),
		getResponseObject: () => response,
		getNodeParameter: (name: string) => (name === 'provider' ? 'XERT' : defaults.get(name)),
		getCredentials: async () => ({ signingSecrets: secret }),
		getWorkflowStaticData: () => ({}),
		getWorkflow: () => ({ id: 'workflow' }),
		getNode: () => ({ id: randomUUID() }),
		getMode: () => 'webhook',
		logger: { debug() {}, warn() {}, error: (message: string) => console.error(message) },
		helpers: { returnJsonArray: (items: object[]) => items.map((json) => ({ json })) },
	};
	const result: IWebhookResponseData = await trigger.webhook.call(
		context as unknown as IWebhookFunctions,
	);
	response.end();
	if (!result.workflowData)
		throw new Error(`The trigger answered ${String(result.webhookResponse)}`);
}

const loads = 9;

/** Milliseconds until a fresh process has loaded this package; what n8n has loaded anyway does not count. */
export async function measureColdLoad(): Promise<Spread> {
	const { node } = await installN8n(currentVersion);
	const files = ['TerraTrigger.node.js', 'Terra.node.js'].map((file) => join('nodes/Terra', file));
	const script = `
		require('n8n-workflow');
		const started = performance.now();
		for (const file of ${JSON.stringify([...files, 'credentials/TerraApi.credentials.js'])}) require('./dist/' + file);
		console.log(performance.now() - started);`;
	const times = Array.from({ length: loads }, () =>
		Number(execFileSync(node.binary, ['-e', script], { cwd: projectFolder, encoding: 'utf8' })),
	);
	return spread(times);
}
