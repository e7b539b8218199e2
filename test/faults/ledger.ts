import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import type { INode } from 'n8n-workflow';

import { createTerraCredential } from '../../playground/credential';
import type { N8nClient, Workflow } from '../../playground/n8n';
import { waitFor } from '../../playground/n8n';
import type { N8nDatabase } from '../../playground/n8n/database';
import { historyWorkflow, ridesTable } from '../../playground/workflows';
import type { Activity, Delivery, Sandbox, TerraUser } from '../../sandbox';
import { triggerNode } from '../support/triggerNode';
import { keyOf } from '../support/keyOf';
import { quiet } from '../support/quiet';

/** What happened to the rides sent during one fault, for people and for the documentation. */
export interface Account {
	sent: number;
	/** Terra received a 2xx. */
	accepted: number;
	/** Accepted, but n8n has no execution: never allowed. */
	lost: number;
	/** Answered 200 by an n8n that was still starting, which does so to every request, and lost. */
	unheard: number;
	/**
	 * Accepted, but their execution has failed without data: n8n could not ask its database whether the workflow may use
	 * its credential, stored that as a failure without the items, and acknowledged the deliveries.
	 */
	blank: number;
	/** Rides with more than one execution. */
	twice: number;
	/** Rides without a row, because n8n did not finish their execution. */
	unfinished: number;
	attempts: number;
}

/**
 * Sends new rides to a workflow that writes each into a table, and counts afterwards what is where. Every ride is also
 * in the athlete's history.
 */
export class Ledger {
	private readonly sent = new Map<string, Promise<Delivery>>();

	private rides = 0;

	/** The counts at the end of the previous fault. */
	private before?: Account;

	private constructor(
		private readonly sandbox: Sandbox,
		private readonly client: N8nClient,
		private readonly database: () => Promise<N8nDatabase>,
		private readonly athlete: TerraUser,
		private readonly template: Activity,
		private readonly tableId: string,
		readonly workflowId: string,
		private readonly reconciliation: Workflow,
	) {}

	/** @param publicUrl n8n's address for Terra */
	static async open(
		sandbox: Sandbox,
		client: N8nClient,
		database: () => Promise<N8nDatabase>,
		publicUrl: string,
	): Promise<Ledger> {
		const credential = await createTerraCredential(client, sandbox);
		const table = await client.createDataTable(ridesTable.name, ridesTable.columns);
		const { node, path } = triggerNode(credential, {
			columns: 'selected',
			selectedColumns: ['activity_key'],
		});
		const workflow = await client.createWorkflow(writeRides(node));
		await client.publish(workflow.id);
		sandbox.setDestination(`${publicUrl}/webhook/${path}`);

		const { activity } = await sandbox.finishRide({ deliver: false, durationSeconds: 1200 });
		const athlete = sandbox.addUser({ historyDays: 0, reference_id: 'ledger' });
		const reconciliation = await client.createWorkflow(await historyWorkflow(credential));
		return new Ledger(
			sandbox,
			client,
			database,
			athlete,
			activity,
			table.id,
			workflow.id,
			reconciliation,
		);
	}

	/** Sends more rides, as fast as n8n accepts them; resolves when Terra has finished with all of them. */
	async send(count: number): Promise<void> {
		for (let left = count; left > 0; left--) {
			const activity = this.nextRide();
			const event = {
				type: 'activity',
				user: this.athlete,
				data: [activity],
				version: '2022-03-16',
			};
			this.sent.set(this.keyOf(activity), this.sandbox.send(event));
		}
		await Promise.all(this.sent.values());
		await this.sandbox.settled();
	}

	/** Adds a ride to the history that is never delivered. */
	keepSecret(): void {
		this.nextRide();
	}

	/** Waits until so many rides have been accepted in total. */
	async accepted(count: number): Promise<void> {
		await waitFor(
			`${count} accepted deliveries`,
			async () => this.acceptedSoFar() >= count || undefined,
			{ seconds: 240 },
		);
	}

	acceptedSoFar(): number {
		return this.sandbox.ledger.filter(({ outcome }) => outcome === 'accepted').length;
	}

	/** What happened to the rides since the last account, once everything has settled. */
	async account(name: string): Promise<Account> {
		const now = await this.countAll();
		const { before } = this;
		this.before = now;
		const account = before ? difference(now, before) : now;
		await report(name, account);
		return account;
	}

	private async countAll(): Promise<Account> {
		await quiet(this.database, this.workflowId);
		const deliveries = await Promise.all(
			[...this.sent].map(async ([key, delivery]) => [key, await delivery] as const),
		);
		const database = await this.database();
		const executions = await database.executions(this.workflowId);
		await database.close();
		const times = new Map<string, number>();
		/** When executions without a ride were stored. */
		const blanks: number[] = [];
		for (const { data, created } of executions) {
			const keys = new Set(data.match(/ledger:XERT:ledger-\d+/g));
			if (keys.size === 0) blanks.push(Number(created));
			for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
		}
		const rows = new Set(await this.rows());
		const accepted = deliveries.filter(([, { outcome }]) => outcome === 'accepted');
		const missing = accepted.filter(([key]) => !times.has(key) && !rows.has(key));
		const unheard = missing.filter(([, { attempts }]) => isStartingUp(attempts.at(-1)!));
		const unexplained = missing.filter((delivery) => !unheard.includes(delivery));
		const isBlank = ([, { attempts }]: (typeof missing)[number]) => {
			const { at, ms } = attempts.at(-1)!;
			return blanks.some((created) => created >= at - 50 && created <= at + ms + 50);
		};
		const gone = unexplained.filter((delivery) => !isBlank(delivery));
		const account: Account = {
			sent: deliveries.length,
			accepted: accepted.length,
			lost: gone.length,
			unheard: unheard.length,
			blank: unexplained.length - gone.length,
			twice: [...times.values()].filter((count) => count > 1).length,
			unfinished: deliveries.filter(([key]) => !rows.has(key)).length,
			attempts: deliveries.reduce((sum, [, { attempts }]) => sum + attempts.length, 0),
		};
		if (account.lost > 0) process.stderr.write(`Lost: ${JSON.stringify(gone, null, '\t')}\n`);
		return account;
	}

	/** Runs the nightly workflow of the examples once: Get Many of 90 days into the same table. */
	async reconcile(): Promise<void> {
		const { error } = await this.client.run(this.reconciliation.id, 'Run by Hand');
		if (error) throw new Error(error);
	}

	/** The keys of all rides in the history that are not in the table. */
	async missingRows(): Promise<string[]> {
		const rows = new Set(await this.rows());
		return this.sandbox
			.activitiesOf(this.athlete.user_id)
			.map((activity) => this.keyOf(activity))
			.filter((key) => !rows.has(key));
	}

	private async rows(): Promise<string[]> {
		return (await this.client.rows(this.tableId)).map((row) => String(row.activity_key));
	}

	private nextRide(): Activity {
		const number = this.rides++;
		const start =
			Date.now() - 86_400_000 * (2 + (number % 80)) - 1_300_000 * Math.floor(number / 80);
		const activity = structuredClone(this.template);
		Object.assign(activity.metadata, {
			summary_id: `ledger-${number}`,
			start_time: new Date(start).toISOString(),
			end_time: new Date(start + 1_200_000).toISOString(),
		});
		this.sandbox.addActivities(this.athlete.user_id, [activity]);
		return activity;
	}

	private keyOf({ metadata }: Activity): string {
		return keyOf(this.athlete, metadata.summary_id);
	}
}

/** Terra Trigger → a new row for every run, so that a ride that ran twice has two rows. */
function writeRides(node: INode) {
	return {
		name: 'Ledger',
		nodes: [
			node,
			{
				id: randomUUID(),
				name: 'Write Ride',
				type: 'n8n-nodes-base.dataTable',
				typeVersion: 1.1,
				position: [200, 0] as [number, number],
				parameters: {
					resource: 'row',
					operation: 'insert',
					dataTableId: { __rl: true, mode: 'name', value: ridesTable.name },
					columns: { mappingMode: 'autoMapInputData', value: null },
					options: {},
				},
			},
		],
		connections: {
			[node.name]: { main: [[{ node: 'Write Ride', type: 'main' as const, index: 0 }]] },
		},
	};
}

const isStartingUp = ({ responseBody }: Delivery['attempts'][number]) =>
	/is starting up/.test(responseBody ?? '');

function difference(now: Account, before: Account): Account {
	const keys = Object.keys(now) as Array<keyof Account>;
	return Object.fromEntries(keys.map((key) => [key, now[key] - before[key]])) as unknown as Account;
}

async function report(name: string, figures: object): Promise<void> {
	process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
	await mkdir('.reports', { recursive: true });
	await writeFile(`.reports/faults ${name}.json`, JSON.stringify(figures, null, '\t'));
}
