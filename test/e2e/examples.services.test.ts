import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EXAMPLES } from '../../docs/pinned';
import type { Credential } from '../../playground/n8n';
import {
	missingPostgres,
	startPostgresDatabase,
	type PostgresDatabase,
} from '../../playground/n8n/services';
import { startCloudHosts, type CloudHosts, type CloudRequest } from '../support/cloudHosts';
import { describeUnless } from '../support/describeUnless';
import { keyOf } from '../support/keyOf';
import { missingMosquitto, startMosquitto } from '../support/mosquitto';
import { fakeXert } from '../support/xert';
import { readFit } from '../unit/output/fitReaders';
import { finishRide, importExample, publishExample } from './exampleWorkflow';
import { startWorld, type World } from './support';

jest.setTimeout(300_000);

const xert = fakeXert();
const uploads: CloudRequest[] = [];
const chats: CloudRequest[] = [];
let refuses = false;

let world: World;
let cloud: CloudHosts;
let folder: string;
let terraApi: Credential;

beforeAll(async () => {
	cloud = await startCloudHosts({
		'www.xertonline.com': xert.service,
		'intervals.icu': (request) => {
			uploads.push(request);
			return refuses ? { status: 403 } : { status: 201, body: { id: 'i1' } };
		},
		'api.telegram.org': (request) => {
			chats.push(request);
			return refuses
				? { status: 400, body: { ok: false, description: 'Bad Request: chat not found' } }
				: { body: { ok: true, result: { message_id: 1 } } };
		},
		'discord.com': (request) => {
			chats.push(request);
			// Without "wait" Discord returns nothing.
			return request.url.searchParams.get('wait')
				? { body: { id: '1' } }
				: { status: 204, body: '' };
		},
	});
	folder = await mkdtemp(join(tmpdir(), 'terra-examples-'));
	const certificate = join(folder, 'cloud.pem');
	await writeFile(certificate, cloud.certificate);
	world = await startWorld({
		HTTPS_PROXY: cloud.proxyUrl,
		NO_PROXY: '127.0.0.1,localhost',
		NODE_EXTRA_CA_CERTS: certificate,
	});
	terraApi = world.credential;
});
afterAll(async () => {
	await world?.close();
	await cloud?.close();
	await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
	uploads.splice(0);
	chats.splice(0);
	refuses = false;
});

const keyOfRide = (summaryId: string) => keyOf(world.sandbox.users[0], summaryId);

/** The SQL queries in the gallery as Grafana sends them, with its macros replaced. */
const queries = [
	...readFileSync(join(EXAMPLES, 'README.md'), 'utf8').matchAll(/```sql\n([^]*?)```/g),
].map(([, sql]) =>
	sql!
		.replace(/\$__timeFilter\((\w+)\)/g, "$1 BETWEEN '2020-01-01T00:00:00Z' AND now()")
		.replace(/\$__timeFrom\(\)/g, "'2026-01-01T00:00:00Z'")
		.replace(/\$__timeTo\(\)/g, 'now()'),
);

describeUnless(missingPostgres(), 'rides in PostgreSQL', () => {
	let database: PostgresDatabase;
	let client: Client;
	beforeAll(async () => {
		database = await startPostgresDatabase();
		client = new Client(database);
		await client.connect();
	});
	afterAll(async () => {
		await client?.end();
		await database?.close();
	});

	it('are updated with their ride, and can be read by the queries in the gallery', async () => {
		const { host, port, user, database: name } = database;
		const postgres = await world.client.createCredential('PostgreSQL', 'postgres', {
			...{ host, port, user, database: name, password: '', ssl: 'disable' },
		});
		const workflow = await importExample(world, 'rides-to-postgres', { terraApi, postgres });
		// Twice, since users do that as well.
		for (let times = 0; times < 2; times += 1) {
			const { error } = await world.client.run(workflow.id, 'Set Up the Table');
			expect(error).toBeUndefined();
		}
		await publishExample(world, workflow);
		const { summary_id, name: title, start_time } = await finishRide(world);
		await world.client.finishedExecutions(workflow.id, 3);

		const rows = async () => (await client.query('SELECT * FROM rides')).rows as unknown[];
		expect(await rows()).toMatchObject([
			{
				activity_key: keyOfRide(summary_id),
				name: title,
				start_time: new Date(start_time),
				moving_seconds: 900,
				status: 'new',
			},
		]);
		expect(queries).toHaveLength(2);
		for (const query of queries) {
			const found = (await client.query(query)).rows as Array<{ time: Date }>;
			expect(found.length).toBeGreaterThan(0);
			expect(found[0]!.time).toBeInstanceOf(Date);
		}

		const { user_id } = world.sandbox.users[0]!;
		await world.sandbox.updateActivity(user_id, summary_id, { metadata: { upload_type: 4 } });
		await world.sandbox.settled();
		await world.client.finishedExecutions(workflow.id, 4);
		expect(await rows()).toMatchObject([{ status: 'deleted' }]);
		const [byWeek] = queries;
		expect((await client.query(byWeek!)).rows).toEqual([]);
		await world.client.deactivate(workflow.id);
	});
});

describeUnless(missingMosquitto(), 'rides over MQTT', () => {
	let server: Awaited<ReturnType<typeof startMosquitto>>;
	beforeAll(async () => {
		server = await startMosquitto();
	});
	afterAll(async () => await server?.close());

	it("are retained on the athlete's topic, which the Home Assistant configuration points to", async () => {
		const mqtt = await world.client.createCredential('MQTT', 'mqtt', {
			...{ protocol: 'mqtt', host: '127.0.0.1', port: server.port, clean: true, ssl: false },
		});
		const workflow = await importExample(world, 'ride-to-mqtt', { terraApi, mqtt });
		await publishExample(world, workflow);
		const { name } = await finishRide(world);
		const [execution] = await world.client.finishedExecutions(workflow.id, 1);
		expect(execution!.error).toBeUndefined();

		const ride = (await server.retained('terra/rider-1/ride')) as Record<string, unknown>;
		expect(ride).toMatchObject({ name, distance_kilometers: expect.any(Number) });
		const device = (await server.retained('homeassistant/device/terra-rider-1/config')) as {
			state_topic: string;
			components: Record<string, { unique_id: string; value_template: string }>;
		};
		expect(device.state_topic).toBe('terra/rider-1/ride');
		const sensors = Object.values(device.components);
		expect(new Set(sensors.map(({ unique_id }) => unique_id)).size).toBe(sensors.length);
		const read = sensors.map(({ value_template }) => /value_json\.(\w+)/.exec(value_template)![1]!);
		expect(Object.keys(ride)).toEqual(expect.arrayContaining(read));
		expect(JSON.stringify(device)).not.toContain('ATHLETE');
		await world.client.deactivate(workflow.id);
	});
});

/** The fields of a multipart form; a file has a name of its own. */
function partsOf({ body, headers }: CloudRequest) {
	const [, boundary] = /boundary=(.+)$/.exec(headers['content-type']!)!;
	const parts = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
	return parts.map((part) => {
		const start = part.indexOf('\r\n\r\n') + 4;
		const head = part.slice(0, start);
		return {
			field: / name="(.+?)"/.exec(head)![1],
			name: /filename="(.+?)"/.exec(head)?.[1],
			content: Buffer.from(part.slice(start, -2), 'latin1'),
		};
	});
}

it('a ride is uploaded to Intervals.icu as a FIT file, with or without samples in its delivery', async () => {
	const httpBasicAuth = await world.client.createCredential('Intervals', 'httpBasicAuth', {
		user: 'API_KEY',
		password: 'example',
	});
	const workflow = await importExample(world, 'ride-to-intervals', { terraApi, httpBasicAuth });
	await publishExample(world, workflow);
	const rides = [await finishRide(world, { withSamples: true }), await finishRide(world)];
	const executions = await world.client.finishedExecutions(workflow.id, 2);
	expect(executions.map(({ error }) => error)).toEqual([undefined, undefined]);
	expect(executions.map((one) => one.itemsOf('Make FIT File').length)).toEqual([0, 1]);

	expect(uploads).toHaveLength(2);
	rides.forEach(({ summary_id, name }, index) => {
		const { url, headers } = uploads[index]!;
		expect(`${url.host}${url.pathname}`).toBe('intervals.icu/api/v1/athlete/0/activities');
		expect(Object.fromEntries(url.searchParams)).toEqual({
			name,
			external_id: keyOfRide(summary_id),
		});
		expect(headers.authorization).toBe(
			`Basic ${Buffer.from('API_KEY:example').toString('base64')}`,
		);
		const [file, ...more] = partsOf(uploads[index]!);
		expect(more).toEqual([]);
		expect(file).toMatchObject({ field: 'file', name: expect.stringMatching(/\.fit$/) });
		expect(readFit(file!.content).recordMesgs!.length).toBeGreaterThanOrEqual(900);
	});

	refuses = true;
	const { summary_id } = await finishRide(world, { withSamples: true });
	const [, , refused] = await world.client.finishedExecutions(workflow.id, 3);
	expect(refused).toMatchObject({
		status: 'error',
		error: expect.stringMatching(`^The ride ${keyOfRide(summary_id)} was not uploaded .*403`),
	});
	await world.client.deactivate(workflow.id);
});

it('a ride is posted to Telegram and Discord as a picture, but an update of it is not', async () => {
	const telegramApi = await world.client.createCredential('Telegram', 'telegramApi', {
		accessToken: 'example',
		baseUrl: 'https://api.telegram.org',
	});
	const discordWebhookApi = await world.client.createCredential('Discord', 'discordWebhookApi', {
		webhookUri: 'https://discord.com/api/webhooks/1/example?wait=true',
	});
	const credentials = { terraApi, telegramApi, discordWebhookApi };
	const workflow = await importExample(world, 'ride-to-telegram', credentials, {
		'Post to Telegram': { chatId: '-100' },
	});
	await publishExample(world, workflow);
	const { name, summary_id } = await finishRide(world, { withSamples: true });
	const [execution] = await world.client.finishedExecutions(workflow.id, 1);
	expect(execution!.error).toBeUndefined();

	const posted = Object.fromEntries(
		chats.map((chat) => [`${chat.url.host}${chat.url.pathname}`, partsOf(chat)]),
	);
	const telegram = posted['api.telegram.org/botexample/sendPhoto']!;
	const discord = posted['discord.com/api/webhooks/1/example']!;
	expect(Object.keys(posted)).toHaveLength(2);
	const text = (parts: typeof telegram, field: string) =>
		parts.find((part) => part.field === field)!.content.toString();
	expect(text(telegram, 'chat_id')).toBe('-100');
	const sentence = text(telegram, 'caption');
	expect(sentence).toContain(`"${name}"`);
	expect(JSON.parse(text(discord, 'payload_json'))).toMatchObject({ content: sentence });
	for (const parts of [telegram, discord]) {
		const picture = parts.find((part) => part.name !== undefined)!;
		// The Discord node of n8n 2.8 swaps the name and the type of a file.
		expect(picture.name).toMatch(/png$/);
		expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
	}

	const { user_id } = world.sandbox.users[0]!;
	await world.sandbox.updateActivity(user_id, summary_id);
	await world.sandbox.settled();
	expect(chats).toHaveLength(2);

	refuses = true;
	const refused = await finishRide(world);
	const [, failed] = await world.client.finishedExecutions(workflow.id, 2);
	expect(failed).toMatchObject({
		status: 'error',
		error: expect.stringMatching(`^The ride ${keyOfRide(refused.summary_id)} was not posted`),
	});
	await world.client.deactivate(workflow.id);
});

it("Xert's own numbers are added to the ride, with all secrets in the credential from docs/xert.md", async () => {
	const [, json] = /```json\n([^]*?)```/.exec(
		readFileSync(join(__dirname, '../../docs/xert.md'), 'utf8'),
	)!;
	const httpCustomAuth = await world.client.createCredential('Xert', 'httpCustomAuth', {
		json: json!.replaceAll('…', 'example'),
	});
	const text = ['reference_id', 'local_date', 'name', 'freshness', 'activity_key'];
	const numbers = ['distance_meters', 'tss', 'xss', 'difficulty', 'threshold_power'];
	const table = await world.client.createDataTable('Xert', [
		...text.map((name) => ({ name, type: 'string' as const })),
		...[...numbers, 'high_intensity_energy', 'peak_power'].map((name) => ({
			...{ name, type: 'number' as const },
		})),
	]);
	const workflow = await importExample(world, 'xert-numbers', { terraApi, httpCustomAuth });
	await publishExample(world, workflow);
	const { activity } = await world.sandbox.finishRide({ durationSeconds: 900, deliver: false });
	const { summary_id, start_time } = activity.metadata;
	const start = Date.parse(start_time) / 1000;
	xert.activities.push(
		{ path: 'earlier', start: start - 3600, xss: 1, difficulty: 1 },
		{ path: 'ride-1', start: start + 20, xss: 91.4, difficulty: 77.2 },
	);
	const { user_id } = world.sandbox.users[0]!;
	await world.sandbox.updateActivity(user_id, summary_id);
	await world.sandbox.settled();
	const [execution] = await world.client.finishedExecutions(workflow.id, 1);
	expect(execution!.error).toBeUndefined();
	expect(await world.client.rows(table.id)).toMatchObject([
		{
			...{ activity_key: keyOfRide(summary_id), xss: 91.4, difficulty: 77.2 },
			...{ threshold_power: 251.3, high_intensity_energy: 21.7, peak_power: 1104 },
			freshness: 'Fresh',
		},
	]);
	const [{ headers, body }] = xert.tokenRequests as [CloudRequest];
	expect(headers).toMatchObject({
		authorization: 'Basic example',
		'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
	});
	expect(Object.fromEntries(new URLSearchParams(body.toString()))).toEqual({
		grant_type: 'password',
		username: 'example',
		password: 'example',
	});

	// A ride that is not in Xert.
	xert.activities.splice(0);
	await finishRide(world);
	const [, missing] = await world.client.finishedExecutions(workflow.id, 2);
	expect(missing).toMatchObject({
		status: 'error',
		error: expect.stringMatching(/^Xert has no ride that starts within a minute of/),
	});
	await world.client.deactivate(workflow.id);
});
