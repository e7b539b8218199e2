import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeHelpers, type IDataObject, type INode, type INodeTypeDescription } from 'n8n-workflow';

import { exampleFiles } from '../../docs/pinned';
import { createAdminCredential } from '../../playground/credential';
import type { Credential, DataTable, Execution, Workflow } from '../../playground/n8n';
import { waitFor } from '../../playground/n8n/wait';
import { startCloudHosts, type CloudHosts, type CloudRequest } from '../support/cloudHosts';
import { fakeGoogle } from '../support/google';
import { keyOf } from '../support/keyOf';
import { startModel } from '../support/model';
import { startSmtp } from '../support/smtp';
import { readFit } from '../unit/output/fitReaders';
import { example, finishRide, importExample, publishExample } from './exampleWorkflow';
import { startWorld, type World } from './support';

jest.setTimeout(300_000);

const names = exampleFiles().map((file) => file.slice(0, -5));

const google = fakeGoogle();
const posts: IDataObject[] = [];
const uploads: Buffer[] = [];
let isUploadAllowed = true;
/** Slack's upload: ask for an address, send the file there, then share it in a channel. */
const slack = ({ url, body }: CloudRequest) => {
	switch (url.pathname) {
		case '/api/files.getUploadURLExternal':
			return isUploadAllowed
				? { body: { ok: true, upload_url: 'https://slack.com/upload/1', file_id: 'F1' } }
				: { body: { ok: false, error: 'missing_scope', needed: 'files:write' } };
		case '/upload/1':
			uploads.push(body);
			return { body: 'OK', headers: { 'content-type': 'text/plain' } };
		default:
			posts.push(JSON.parse(body.toString()) as IDataObject);
			return { body: { ok: true, channel: 'C1', ts: '1', files: [{ id: 'F1' }] } };
	}
};

let world: World;
let cloud: CloudHosts;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let model: Awaited<ReturnType<typeof startModel>>;
let table: DataTable;
let certificates: string;
let credentials: Record<string, Credential>;
let types: INodeTypeDescription[];

beforeAll(async () => {
	cloud = await startCloudHosts({
		...google.services,
		'slack.com': slack,
	});
	smtp = await startSmtp();
	model = await startModel();
	certificates = await mkdtemp(join(tmpdir(), 'terra-examples-'));
	const certificate = join(certificates, 'cloud.pem');
	await writeFile(certificate, cloud.certificate);
	world = await startWorld({
		HTTPS_PROXY: cloud.proxyUrl,
		NO_PROXY: '127.0.0.1,localhost',
		NODE_EXTRA_CA_CERTS: certificate,
	});
	const { client } = world;
	const { privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	credentials = {
		terraApi: world.credential,
		googleApi: await client.createCredential('Google', 'googleApi', {
			email: 'robot@example.com',
			privateKey,
		}),
		slackApi: await client.createCredential('Slack', 'slackApi', { accessToken: 'example' }),
		smtp: await client.createCredential('Mail', 'smtp', {
			host: '127.0.0.1',
			port: smtp.port,
			secure: false,
			disableStartTls: true,
		}),
		openAiApi: await client.createCredential('Model', 'openAiApi', {
			apiKey: 'example',
			url: model.url,
		}),
	};
	table = await client.createDataTable('Rides', [
		...['reference_id', 'local_date', 'name', 'duration', 'activity_key'].map(textColumn),
		...['moving_seconds', 'distance_meters', 'gain_actual_meters', 'avg_watts', 'tss'].map(
			(name) => ({
				name,
				type: 'number' as const,
			}),
		),
	]);
	await client.createDataTable('Personal Bests', [
		...['user_id', 'best_date'].map(textColumn),
		{ name: 'best_watts', type: 'number' as const },
	]);
	await client.createDataTable('Athletes', ['reference_id', 'name', 'email'].map(textColumn));
	types = (await client.nodeTypes()) as unknown as INodeTypeDescription[];
});
afterAll(async () => {
	await world?.close();
	await Promise.all([cloud?.close(), smtp?.close(), model?.close()]);
	await rm(certificates, { recursive: true, force: true });
});
beforeEach(() => {
	posts.splice(0);
	uploads.splice(0);
	isUploadAllowed = true;
	smtp.mails.splice(0);
	world.sandbox.setDestination(null);
	world.sandbox.faults.clear();
});

const textColumn = (name: string) => ({ name, type: 'string' as const });

type Choices = Parameters<typeof importExample>[3];

const setUp = async (name: string, choices?: Choices) =>
	await importExample(world, name, credentials, choices);

const hookOf = ({ nodes }: Workflow, name: string) =>
	nodes.find((node) => node.name === name)!.webhookId!;

const publish = async (workflow: Workflow) => await publishExample(world, workflow);

const ride = async (options?: Parameters<typeof finishRide>[1]) => await finishRide(world, options);

const rides = (execution: Execution) => execution.itemsOf('Upsert Ride').map(({ json }) => json);

describe.each(names)('the example %s', (name) => {
	const { nodes, connections } = example(name);

	it('can be imported into n8n, which knows all of its nodes', async () => {
		const workflow = await world.client.createWorkflow(example(name));
		expect(workflow.nodes).toHaveLength(nodes.length);
		for (const node of nodes) expect(typeOf(node)).toBeDefined();
	});

	it('sets no field that the Terra nodes do not show', () => {
		for (const node of nodes.filter(({ type }) => type.startsWith('n8n-nodes-terra.'))) {
			const type = typeOf(node)!;
			const { properties } = type;
			const { parameters } = node;
			const shown = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, type);
			expect(Object.keys(shown ?? {})).toEqual(expect.arrayContaining(Object.keys(parameters)));
		}
	});

	it('needs no code, has set-up instructions on the canvas, and contains no credentials', () => {
		expect(nodes.map(({ type }) => type)).not.toContain('n8n-nodes-base.code');
		expect(nodes.map(({ type }) => type)).toContain('n8n-nodes-base.stickyNote');
		// Not even an empty one: n8n would then refuse to run the pinned data.
		expect(nodes.filter(({ credentials: own }) => own)).toEqual([]);
	});

	// The two that `npm start` begins with are only for a first look.
	const isForKeeping = !['history-to-table', 'new-rides-to-table'].includes(name);
	if (isForKeeping)
		it('handles errors', () => {
			const careful = nodes.filter(({ onError }) => onError !== undefined);
			// Any other node retries, and then fails the execution, which n8n lists.
			const stubborn = nodes.filter(({ retryOnFail }) => retryOnFail);
			expect(careful.length + stubborn.length).toBeGreaterThan(0);
			for (const { name: node, onError } of careful) {
				const outputs = connections[node]!.main!;
				const isTaken =
					outputs[1]?.length || (onError === 'continueRegularOutput' && outputs[0]?.length);
				expect(isTaken).toBeTruthy();
			}
		});

	it('connects only nodes that exist', () => {
		const known = nodes.map((node) => node.name);
		const targets = Object.values(connections).flatMap((outputs) =>
			Object.values(outputs).flatMap((lists) =>
				lists.flatMap((list) => list!.map(({ node }) => node)),
			),
		);
		expect(known).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets]));
	});
});

function typeOf(node: INode): INodeTypeDescription | undefined {
	return types.find(
		({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
	);
}

it('a ride is added to the table, and removed from it when deleted', async () => {
	const workflow = await setUp('new-rides-to-table');
	await publish(workflow);
	const { summary_id } = await ride();
	await world.client.finishedExecutions(workflow.id, 1);
	const keys = async () =>
		(await world.client.rows(table.id)).map(({ activity_key }) => String(activity_key));
	const key = keyOf(world.sandbox.users[0], summary_id);
	expect(await keys()).toContain(key);

	const { user_id } = world.sandbox.users[0]!;
	await world.sandbox.updateActivity(user_id, summary_id, { metadata: { upload_type: 4 } });
	await world.sandbox.settled();
	await world.client.finishedExecutions(workflow.id, 2);
	expect(await keys()).not.toContain(key);
	await world.client.deactivate(workflow.id);
});

it('can be tried with the pinned ride before anything is connected, and deliveries do not use it', async () => {
	const { id } = await world.client.createWorkflow(example('new-rides-to-table'));
	const execution = await world.client.run(id, 'Terra Trigger');
	expect(execution.error).toBeUndefined();
	expect(rides(execution)).toMatchObject([{ name: 'Example ride', distance_meters: 40791.45 }]);

	const workflow = await setUp('new-rides-to-table');
	await publish(workflow);
	const { name } = await ride();
	const [delivered] = await world.client.finishedExecutions(workflow.id, 1);
	expect(rides(delivered!)).toMatchObject([{ name }]);
	expect(name).not.toBe('Example ride');
	await world.client.deactivate(workflow.id);
});

it('a ride is added to a Google sheet, and its update changes the same row', async () => {
	const workflow = await setUp('ride-to-google-sheets', {
		'Write Row': {
			documentId: { __rl: true, mode: 'id', value: 'sheet-1' },
			sheetName: { __rl: true, mode: 'name', value: 'Rides' },
		},
	});
	await publish(workflow);
	const { summary_id, name } = await ride();
	await world.client.finishedExecutions(workflow.id, 1);

	const [head, ...rows] = google.cells;
	expect(head).toContain('activity_key');
	const cell = (column: string) => rows[0]![head!.indexOf(column)];
	expect(cell('name')).toBe(name);
	expect(cell('distance_meters')).toBeGreaterThan(1_000);

	const { user_id } = world.sandbox.users[0]!;
	await world.sandbox.updateActivity(user_id, summary_id, { metadata: { name: 'Renamed' } });
	await world.sandbox.settled();
	await world.client.finishedExecutions(workflow.id, 2);
	expect(google.cells).toHaveLength(2);
	expect(google.cells[1]![head!.indexOf('name')]).toBe('Renamed');

	google.fail(true);
	await ride();
	const [, , failed] = await world.client.finishedExecutions(workflow.id, 3);
	google.fail(false);
	expect(failed).toMatchObject({
		status: 'error',
		error: expect.stringMatching(/^The ride .+ was not written to the sheet/),
	});
	await world.client.deactivate(workflow.id);
});

describe('a new ride in Slack', () => {
	const channel = 'C0123456789';
	const setUpSlack = async () => {
		const { nodes } = example('ride-to-slack');
		const { options } = nodes.find(({ name }) => name === 'Post Picture')!.parameters;
		const workflow = await setUp('ride-to-slack', {
			'Post Picture': { options: { ...(options as IDataObject), channelId: channel } },
			'Post Card': { channelId: { __rl: true, mode: 'id', value: channel } },
		});
		await publish(workflow);
		return workflow;
	};

	it('is posted as a picture, but an update of it is not', async () => {
		const workflow = await setUpSlack();
		const { summary_id } = await ride({ withSamples: true });
		await world.client.finishedExecutions(workflow.id, 1);
		expect(posts).toMatchObject([
			{
				channel_id: channel,
				initial_comment: expect.stringContaining(' km in '),
				files: [{ id: 'F1', title: expect.stringMatching(/\.png$/) }],
			},
		]);
		expect(uploads.map((body) => body.includes('image/png'))).toEqual([true]);
		expect(uploads[0]!.length).toBeGreaterThan(20_000);
		const { user_id } = world.sandbox.users[0]!;
		await world.sandbox.updateActivity(user_id, summary_id);
		await world.sandbox.settled();
		expect(posts).toHaveLength(1);
		await world.client.deactivate(workflow.id);
	});

	it('is posted as text if Slack refuses the picture', async () => {
		isUploadAllowed = false;
		const workflow = await setUpSlack();
		const { name } = await ride();
		const [execution] = await world.client.finishedExecutions(workflow.id, 1);
		expect(execution!.error).toBeUndefined();
		expect(posts).toMatchObject([
			{
				channel,
				text: expect.stringContaining(' km in '),
				blocks: [
					{ type: 'header', text: { text: name } },
					{ type: 'section', fields: expect.any(Array) },
					{ type: 'context' },
				],
			},
		]);
		await world.client.deactivate(workflow.id);
	});
});

describe('the backfill form', () => {
	let workflow: Workflow;
	beforeAll(async () => {
		workflow = await setUp('backfill-form-to-table');
		await publish(workflow);
	});
	afterAll(async () => await world.client.deactivate(workflow.id));

	const submit = async (...answers: string[]) => {
		const before = (await world.client.executions(workflow.id)).length;
		const shown = await fill(hookOf(workflow, 'Backfill Form'), answers);
		const executions = await world.client.finishedExecutions(workflow.id, before + 1);
		return { page: shown, execution: executions.at(-1)! };
	};
	const day = (daysAgo: number) =>
		new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

	it('adds the rides of an athlete to the table, and says how many', async () => {
		const { page, execution } = await submit('rider-2', day(40), day(10));
		expect(execution.error).toBeUndefined();
		const added = rides(execution);
		expect(added.length).toBeGreaterThan(10);
		expect(page).toContain(`${added.length} rides were written to the table`);
		const { id } = (await world.client.dataTables()).find(({ name }) => name === 'Rides')!;
		const rows = await world.client.rows(id);
		expect(rows.filter(({ reference_id }) => reference_id === 'rider-2')).toHaveLength(
			added.length,
		);

		// A second time adds no rows.
		await submit('rider-2', day(40), day(10));
		expect(await world.client.rows(id)).toHaveLength(rows.length);
	});

	it('adds nothing if there is nothing, and says so', async () => {
		const { page, execution } = await submit('rider-2', '2001-01-01', '2001-01-02');
		expect(rides(execution)).toEqual([]);
		expect(page).toContain('0 rides were written');
	});

	it('shows what is wrong', async () => {
		const { page } = await submit('nobody', day(40), day(10));
		expect(page).toContain('Terra knows nobody with this reference ID');
	});
});

/** Fills in a form as a browser does, and returns its last page. */
async function fill(webhookId: string, answers: string[]): Promise<string> {
	const body = new FormData();
	answers.forEach((answer, index) => body.append(`field-${index}`, answer));
	const response = await fetch(`${world.url}/form/${webhookId}`, { method: 'POST', body });
	const { formWaitingUrl } = (await response.json()) as { formWaitingUrl?: string };
	if (!formWaitingUrl) return '';
	const ending = new URL(formWaitingUrl);
	const status = new URL(`${ending.pathname}/n8n-execution-status${ending.search}`, ending);
	await waitFor(
		'page at the end of the form',
		async () => (await (await fetch(status)).text()) === 'form-waiting' || undefined,
		{ seconds: 60 },
	);
	const page = await (await fetch(ending)).text();
	// The page does this itself once it is shown.
	await fetch(ending, { method: 'POST' });
	return page;
}

it('an athlete signs up, connects through the link in the mail, and gets a welcome and a backfill', async () => {
	const workflow = await setUp('athlete-onboarding');
	await publish(workflow);
	const answers = ['Ada Rider', 'ada@example.com', 'member-7'];
	await fill(hookOf(workflow, 'Sign-Up Form'), answers);
	await world.client.finishedExecutions(workflow.id, 1);
	expect(smtp.mails).toMatchObject([
		{ to: 'ada@example.com', text: expect.stringContaining('Ada Rider') },
	]);

	const [link] = /http:\S+/.exec(smtp.mails[0]!.text)!;
	await fetch(link, { method: 'POST', body: new URLSearchParams({ provider: 'XERT' }) });
	await world.sandbox.settled();
	const [, connected] = await world.client.finishedExecutions(workflow.id, 2);
	expect(connected!.error).toBeUndefined();
	expect(smtp.mails[1]).toMatchObject({ to: 'ada@example.com', subject: 'Welcome' });
	const receipts = connected!.itemsOf('Request Backfill');
	expect(receipts.length).toBeGreaterThan(0);
	// The requested data does arrive at the webhook.
	await world.sandbox.settled();
	const references = world.sandbox.ledger.map(({ reference }) => reference);
	for (const { json } of receipts) expect(references).toContain(json.reference);

	const user = world.sandbox.users.find(({ reference_id }) => reference_id === 'member-7')!;
	await world.sandbox.send({
		type: 'connection_error',
		status: 'warning',
		user,
		message: 'the provider answered 401',
	});
	await world.client.finishedExecutions(workflow.id, 3);
	expect(smtp.mails[2]).toMatchObject({
		to: 'coach@example.com',
		subject: 'Trouble with member-7',
		text: expect.stringContaining('the provider answered 401'),
	});
	await world.client.deactivate(workflow.id);
});

it('a new best is posted with the previous one, and any other ride is not', async () => {
	const workflow = await setUp('personal-best', {
		'Post Best': { channelId: { __rl: true, mode: 'id', value: 'C0123456789' } },
	});
	await publish(workflow);
	const { user_id, reference_id } = world.sandbox.users[0]!;
	const { id } = (await world.client.dataTables()).find(({ name }) => name === 'Personal Bests')!;
	const known = async () =>
		(await world.client.rows(id))
			.filter((row) => row.user_id === user_id)
			.map(({ best_watts }) => Number(best_watts));

	const { activity } = await world.sandbox.finishRide({ durationSeconds: 900, withSamples: true });
	const { summary_id } = activity.metadata;
	const change = async (watts: number, executions: number) => {
		const power_samples = activity.power_data.power_samples.map((sample) => ({
			...sample,
			watts: sample.watts + watts,
		}));
		await world.sandbox.updateActivity(user_id, summary_id, { power_data: { power_samples } });
		await world.sandbox.settled();
		await world.client.finishedExecutions(workflow.id, executions);
	};
	const [first] = await world.client.finishedExecutions(workflow.id, 1);
	expect(first!.error).toBeUndefined();
	const [best] = await known();
	const watts = Math.round(best!);
	expect(watts).toBeGreaterThan(50);
	expect(posts.map(({ text }) => text)).toEqual([
		`New 5-minute best of ${reference_id}: ${watts} W`,
	]);

	// The same ride again is not a new best.
	await change(0, 2);
	expect(posts).toHaveLength(1);
	await change(50, 3);
	expect(posts[1]!.text).toBe(
		`New 5-minute best of ${reference_id}: ${Math.round(best! + 50)} W (was ${watts})`,
	);
	expect(await known()).toEqual([expect.closeTo(best! + 50, 3)]);
	await world.client.deactivate(workflow.id);
});

it('the weekly digest is one mail with a line for each athlete', async () => {
	const workflow = await setUp('weekly-digest');
	const execution = await world.client.run(workflow.id, 'Monday at 7');
	expect(execution.error).toBeUndefined();
	const [mail] = smtp.mails;
	const lines = mail!.text.trim().split('\n');
	const athletes = execution.itemsOf('Sum Up the Week').map(({ json }) => json.user_id);
	expect(athletes.length).toBeGreaterThan(1);
	expect(lines).toHaveLength(new Set(athletes).size);
	expect(lines[0]).toMatch(
		/^\d+ rides? of [\w-]+, .+: \d+ km in [\d:]+, \d+ m of climbing, load \d+, form -?\d+\.$/,
	);
	const distances = lines.map((line) => Number(/(\d+) km/.exec(line)![1]));
	expect(distances).toEqual([...distances].sort((a, b) => b - a));
});

it('a new ride is sent by mail, with its chart', async () => {
	const workflow = await setUp('ride-by-mail');
	await publish(workflow);
	const { activity } = await world.sandbox.finishRide({ durationSeconds: 900, withSamples: true });
	await world.sandbox.settled();
	await world.client.finishedExecutions(workflow.id, 1);
	expect(smtp.mails).toMatchObject([
		{
			subject: expect.stringContaining(activity.metadata.name!) as string,
			text: expect.stringContaining(' km in 0:15:00') as string,
			attachments: [expect.stringMatching(/\.png$/) as string],
		},
	]);
	await world.client.deactivate(workflow.id);
});

it('an incomplete digest is not sent', async () => {
	world.sandbox.faults.add({
		kind: 'status',
		status: 413,
		path: '/activity',
		userId: world.sandbox.users[0]!.user_id,
	});
	const workflow = await setUp('weekly-digest');
	const execution = await world.client.run(workflow.id, 'Monday at 7');
	expect(execution).toMatchObject({
		status: 'error',
		error: expect.stringContaining('would be incomplete'),
	});
	expect(smtp.mails).toEqual([]);
});

it('only an athlete whose data has stopped arriving gets a link to reconnect', async () => {
	const [quiet, riding] = world.sandbox.users;
	const onboarding = await setUp('athlete-onboarding');
	await publish(onboarding);
	for (const [index, { reference_id: id }] of [quiet!, riding!].entries()) {
		await fill(hookOf(onboarding, 'Sign-Up Form'), ['Ada', `${id}@example.com`, id!]);
		await world.client.finishedExecutions(onboarding.id, index + 1);
	}
	await world.client.deactivate(onboarding.id);
	smtp.mails.splice(0);

	const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
	quiet!.last_webhook_update = daysAgo(9.5);
	riding!.last_webhook_update = daysAgo(0.5);
	const workflow = await setUp('quiet-for-7-days');
	const execution = await world.client.run(workflow.id, 'Monday at 7');
	expect(execution.error).toBeUndefined();
	const mailTo = ({ reference_id: id }: { reference_id: string | null }) =>
		smtp.mails.filter(({ to }) => to === `${id}@example.com`);
	expect(mailTo(quiet!)).toMatchObject([
		{ text: expect.stringMatching(/for 9 days .*http:\S+\/connect\//s) },
	]);
	expect(mailTo(riding!)).toEqual([]);
});

it('the report on an account is a table without personal data, and changes nothing at Terra', async () => {
	const { client, sandbox } = world;
	const terraAdminApi = await createAdminCredential(client, sandbox);
	sandbox.setDestination('https://example.com/');
	const before = sandbox.users.length;
	const requests = sandbox.requests.length;
	const run = async (chosen: Record<string, Credential>) => {
		const { id } = await importExample(world, 'seen-with-an-account', chosen);
		const execution = await client.run(id, 'Ask Terra');
		expect(execution.error).toBeUndefined();
		const rows = execution.itemsOf('Table').map(({ json }) => json);
		return { rows, execution };
	};
	const { rows, execution } = await run({ ...credentials, terraAdminApi });
	const answered = (point: string) => rows.find((row) => row.point === point)?.answered;
	expect(answered('Set-up: Credential')).toBe('OK');
	expect(answered('Xert')).toMatch(/^XERT supplies .*activity/);
	expect(answered('Lists of users')).toMatch(/^\d+ read, with .*user_id/);
	expect(answered('Freshness')).toMatch(/last_webhook_update: \d+ of \d+/);
	expect(answered('Xert: fields of a ride')).toMatch(/^filled: .*distance_meters/);
	expect(answered('Names of events, Xert')).toMatch(/^activity with .*distance_data/);

	const [{ json }] = execution.itemsOf('Text for the Issue') as [{ json: IDataObject }];
	expect(String(json.text).split('\n')).toHaveLength(rows.length + 2);
	for (const { user_id, reference_id } of sandbox.users) {
		expect(json.text).not.toContain(user_id);
		expect(json.text).not.toContain(String(reference_id));
	}
	expect(sandbox.users).toHaveLength(before);
	const changing = sandbox.requests
		.slice(requests)
		.filter(({ method, query }) => method !== 'GET' && query.dry_run !== 'true');
	expect(changing).toEqual([]);

	const without = await run(credentials);
	expect(without.rows.find(({ point }) => point === 'Names of events, Xert')).toMatchObject({
		answered: expect.stringMatching(/Admin API credential is missing/),
	});
});

it('the coach gets a summary with its one tool, and answers', async () => {
	const workflow = await setUp('ai-coach', { Chat: { public: true } });
	await publish(workflow);
	model.plan([
		{ tool: 'Get_Summary', input: { Athlete: 'rider-1', Period: 'lastWeek', Group_By: 'week' } },
		{ say: 'Well ridden.' },
	]);
	const response = await fetch(`${world.url}/webhook/${hookOf(workflow, 'Chat')}/chat`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			action: 'sendMessage',
			sessionId: randomUUID(),
			chatInput: 'How far did rider-1 ride last week?',
		}),
	});
	expect(await response.text()).toContain('Well ridden.');
	const [tool, ...more] = model.tools();
	expect(more).toEqual([]);
	expect(tool!.description).toMatch(/distance_meters.*Athlete: .*Period: .*lastWeek/);
	expect(Object.keys(tool!.parameters.properties)).toEqual(['Athlete', 'Period', 'Group_By']);
	const [read] = model.toolAnswers();
	const summaries = (JSON.parse(read!) as Array<{ response?: object[] }>).flatMap(
		(one) => one.response ?? [one],
	);
	expect(summaries).toMatchObject([
		{
			reference_id: 'rider-1',
			distance_meters: expect.any(Number),
			sentence: expect.stringContaining(' km'),
		},
	]);
	await world.client.deactivate(workflow.id);
});

it('a missed ride is in the table after the nightly run', async () => {
	const missed = await ride({ deliver: false });
	const workflow = await setUp('nightly-reconciliation');
	const execution = await world.client.run(workflow.id, 'Every Night');
	expect(execution.error).toBeUndefined();
	expect(
		rides(execution).map(({ activity_key }) => String(activity_key).split(':').at(-1)),
	).toContain(missed.summary_id);
});

it('an incomplete nightly run ends with an error, after writing what it got', async () => {
	world.sandbox.faults.add({
		kind: 'status',
		status: 413,
		path: '/activity',
		userId: world.sandbox.users[0]!.user_id,
	});
	const workflow = await setUp('nightly-reconciliation');
	await ride({ userId: world.sandbox.users[1]!.user_id, deliver: false });
	const execution = await world.client.run(workflow.id, 'Every Night');
	expect(execution).toMatchObject({
		status: 'error',
		error: expect.stringContaining('not complete'),
	});
	expect(rides(execution).map(({ reference_id }) => reference_id)).toContain('rider-2');
});

it('a ride is saved to the drive as a FIT file, outdoors and indoors', async () => {
	const workflow = await setUp('ride-to-fit-file');
	await publish(workflow);
	const outdoors = await ride();
	await world.client.finishedExecutions(workflow.id, 1);
	await ride({ indoor: true });
	const executions = await world.client.finishedExecutions(workflow.id, 2);
	expect(executions.map(({ error }) => error)).toEqual([undefined, undefined]);

	expect(google.files.map(({ name }) => name)[0]).toBe(
		`${outdoors.start_time.slice(0, 10)} ${outdoors.name}.fit`,
	);
	const [outside, inside] = google.files.map(({ content }) => readFit(content).recordMesgs!);
	expect(outside![0]).toMatchObject({ positionLat: expect.any(Number) });
	expect(inside![0]).not.toHaveProperty('positionLat');
	for (const records of [outside!, inside!]) {
		expect(records.length).toBeGreaterThanOrEqual(900);
		expect(records[100]).toMatchObject({ power: expect.any(Number) });
	}
	await world.client.deactivate(workflow.id);
});
