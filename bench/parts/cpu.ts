import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';
import { projectFolder } from '../../playground/n8n';
import type { Measured } from '../budgets';
import type { Delivery } from '../deliveries';
import { makerOf } from '../deliveries';
import type { Setting } from '../part';
import { median } from '../statistics';

/**
 * CPU time of one delivery outside n8n: parsing the body once, as n8n does, and the trigger's own work. The minimum to
 * compare with is one parse and one HMAC, which no implementation can avoid.
 */
export async function measureCpu({ sandbox, quick }: Setting): Promise<Measured> {
	const make = await makerOf(sandbox, '5 MB');
	const times = { own: [] as number[], minimum: [] as number[] };
	for (const [index, delivery] of make(quick ? 8 : 40, sandbox.signingSecret).entries()) {
		const ms = { own: 0, minimum: 0 };
		// Alternate the order, because the second one also collects the first one's garbage.
		for (const name of index % 2 === 0
			? (['own', 'minimum'] as const)
			: (['minimum', 'own'] as const)) {
			const work = name === 'own' ? receive : verifyAndParse;
			const before = process.cpuUsage();
			await work(delivery, sandbox.signingSecret);
			const { user, system } = process.cpuUsage(before);
			ms[name] = (user + system) / 1000;
		}
		// The first deliveries only warm up the engine.
		if (index < (quick ? 2 : 10)) continue;
		times.own.push(ms.own);
		times.minimum.push(ms.minimum);
	}
	// Not the median of the pairs' ratios: whichever runs second is slower, so those ratios form two separate groups.
	return { cpu: median([median(times.own) / median(times.minimum)]) };
}
function verifyAndParse({ headers, body }: Delivery, secret: string) {
	const [timestamp] = /\d+/.exec(headers['x-terra-signature']!)!;
	createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
	JSON.parse(body.toString('utf8'));
}

/** The compiled code, as published. */
const published = createRequire(join(projectFolder, 'dist/'))(
	'./nodes/Terra/TerraTrigger.node.js',
) as {
	TerraTrigger: new () => TerraTrigger;
};
const trigger = new published.TerraTrigger();
const defaults = new Map(trigger.description.properties.map((one) => [one.name, one.default]));

/** Runs the trigger with a minimal stand-in for n8n. */
async function receive({ headers, body }: Delivery, secret: string): Promise<void> {
	const response = { type: () => response, statusCode: 200, end: () => response };
	const context = {
		getRequestObject: () => ({ headers, rawBody: body, body: JSON.parse(body.toString('utf8')) }),
		getResponseObject: () => response,
		getNodeParameter: (name: string) => (name === 'providers' ? 'XERT' : defaults.get(name)),
		getCredentials: async () => ({ signingSecrets: secret }),
		getWorkflowStaticData: () => ({}),
		getWorkflow: () => ({ id: 'workflow' }),
		getNode: () => ({ id: randomUUID() }),
		getMode: () => 'webhook',
		getTimezone: () => 'UTC',
		logger: {
			debug() {},
			warn() {},
			error: (message: string, more: unknown) => console.error(message, more),
		},
		helpers: { returnJsonArray: (items: object[]) => items.map((json) => ({ json })) },
	};
	const result: IWebhookResponseData = await trigger.webhook.call(
		context as unknown as IWebhookFunctions,
	);
	response.end();
	if (!result.workflowData)
		throw new Error(`The trigger answered ${String(result.webhookResponse)}`);
}
