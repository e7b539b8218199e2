import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runTerra } from '../support/n8nCore';
import { byId, failureOf, setStage, type Stage } from './historySupport';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The last update of somebody whose data never arrived. */
const NEVER = { last_data_at: null, days_without_data: expect.any(Number) };

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

const run = async (operation: string, parameters = {}, options = {}) => {
	const { items } = await stage.run({ resource: 'user', operation, ...parameters }, options);
	return items;
};

const sent = (path: string) => stage.sandbox.requests.filter((request) => request.path === path);

describe('Get', () => {
	it('returns a connection, and whether it works', async () => {
		const [first] = stage.sandbox.users;
		const [item] = await run('get', { connection: byId(first!.user_id) });
		expect(item).toEqual({
			json: {
				...first,
				...NEVER,
				is_authenticated: true,
				last_polled_at: expect.any(String),
				most_recent_data_at: null,
			},
			pairedItem: { item: 0 },
		});
	});

	it.each([
		['the webhook', { last_webhook_update: '2026-11-20T11:00:00.000000+00:00' }, 2],
		['today', { last_webhook_update: '2026-11-22T11:00:00.903000+00:00' }, 0],
		['nothing ever: since connecting', { created_at: '2026-11-02T12:00:00+00:00' }, 20],
		['the future, on a clock that is ahead', { last_webhook_update: '2026-11-23T00:00:00Z' }, 0],
		['a time without a zone, which is UTC', { last_webhook_update: '2026-11-21T11:30:00' }, 1],
		['no time at all', { created_at: 'never' }, null],
	])('reports how many days ago data last arrived: from %s', async (_from, times, expected) => {
		const [first] = stage.sandbox.users;
		Object.assign(first!, times);
		for (const operation of ['get', 'getAll', 'getByReference']) {
			const items = await run(operation, {
				connection: byId(first!.user_id),
				referenceId: 'rider-1',
			});
			const { json } = items.find(({ json: { user_id: id } }) => id === first!.user_id)!;
			expect([operation, json.days_without_data]).toEqual([operation, expected]);
			expect(json.last_data_at === null).toBe(!('last_webhook_update' in times));
		}
	});

	it('reports that Terra does not know the user', async () => {
		expect(await failureOf(run('get', { connection: byId(NOBODY) }))).toMatchObject({
			message: 'Terra does not know this athlete',
		});
	});

	it('continues with the other items if the node is set to', async () => {
		const [first] = stage.sandbox.users;
		const items = await run(
			'get',
			{ connection: byId('={{ $json.id }}') },
			{
				input: [{ json: { id: NOBODY } }, { json: { id: first!.user_id } }],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(items.map(({ json, pairedItem }) => [json.error ?? json.user_id, pairedItem])).toEqual([
			[expect.stringMatching(/^Terra does not know this athlete\. Check/), { item: 0 }],
			[first!.user_id, { item: 1 }],
		]);
	});
});

describe('Get by Reference ID', () => {
	it.each(['array', 'users'] as const)(
		'returns every connection of a person (Terra answers with: %s)',
		async (form) => {
			stage.sandbox.settings.userInfoByReference = form;
			stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'rider-2' });
			const items = await run('getByReference', { referenceId: 'rider-2' });
			expect(items.map(({ json }) => json.provider)).toEqual(['XERT', 'GARMIN']);
		},
	);

	it('uses the reference ID exactly as given', async () => {
		const failure = await failureOf(run('getByReference', { referenceId: ' rider-2 ' }));
		expect(failure.message).toBe('Terra knows nobody with this reference ID');
	});

	it('reads an answer with a single user', async () => {
		stage.sandbox.settings.userInfoByReference = 'user';
		const items = await run('getByReference', { referenceId: 'rider-3' });
		expect(items.map(({ json }) => json.reference_id)).toEqual(['rider-3']);
	});

	it('does not report an unknown ID if the answer is not from Terra', async () => {
		stage.sandbox.faults.add({ kind: 'html', status: 404 });
		const nobody = await failureOf(run('getByReference', { referenceId: 'rider-1' }));
		expect(nobody.message).toBe('Terra does not know this athlete');
		expect(nobody.description).toContain("check the 'Base URL'");
		const anyone = { providers: { __rl: true, mode: 'list', value: '*' } };
		expect(await failureOf(run('getAll', anyone))).toEqual({
			message: 'Terra has nothing at this address',
			description: "Check the 'Base URL' of the Terra API credential.",
		});
	});

	it('reports an unknown and an empty reference ID', async () => {
		expect(await failureOf(run('getByReference', { referenceId: 'nobody' }))).toEqual({
			message: 'Terra knows nobody with this reference ID',
			description: expect.stringContaining('"nobody"'),
		});
		expect(
			await failureOf(run('getByReference', { referenceId: '={{ $json.none }}' })),
		).toMatchObject({
			message: "'Reference ID' is empty",
		});
	});
});

describe('Get Many', () => {
	const anyone = { providers: { __rl: true, mode: 'list', value: '*' } };

	it.each(['2026.07', '2026.10'] as const)(
		'returns all users, over however many pages, from Terra %s',
		async (version) => {
			stage.sandbox.settings.dataVersion = version;
			for (let n = 0; n < 1_000; n++) stage.sandbox.addUser({ historyDays: 0 });
			const items = await run('getAll', { ...anyone, returnAll: true });
			expect(new Set(items.map(({ json }) => json.user_id)).size).toBe(1_004);
			expect(sent('/api/v2/subscriptions').map(({ query }) => query.page)).toEqual(['0', '1', '2']);
		},
	);

	it('requests no more pages than the limit needs', async () => {
		for (let n = 0; n < 600; n++) stage.sandbox.addUser({ historyDays: 0 });
		expect(await run('getAll', { ...anyone, limit: 3 })).toHaveLength(3);
		expect(sent('/api/v2/subscriptions')).toHaveLength(1);
	});

	it('returns the users of the chosen providers', async () => {
		stage.sandbox.addUser({ provider: 'WAHOO', reference_id: 'wahooligan' });
		const providers = { __rl: true, mode: 'name', value: 'garmin, Wahoo' };
		const items = await run('getAll', { providers });
		expect(items.map(({ json }) => json.reference_id)).toEqual(['walker-1', 'wahooligan']);
	});

	it('returns nothing, without an error, if there are no users', async () => {
		stage.sandbox.faults.add({
			kind: 'status',
			status: 200,
			body: { data: { next: null, max_page: 0, results: [] } },
		});
		expect(await run('getAll', anyone)).toEqual([]);
	});
});

describe('Create Connection Link', () => {
	it('leads to Xert by default', async () => {
		const [item] = await run('createLink', { referenceId: 'rider-77' });
		expect(item!.json).toEqual({
			url: expect.stringContaining(`${stage.sandbox.url}/connect/`),
			reference_id: 'rider-77',
			provider: 'XERT',
			user_id: expect.stringMatching(/^[\da-f-]{36}$/),
		});
		expect(sent('/api/v2/auth/authenticateUser')[0]!.query).toEqual({ resource: 'XERT' });
	});

	it('connects a person under the reference ID, and redirects them to the given pages', async () => {
		const [item] = await run('createLink', {
			referenceId: 'rider-77',
			additionalFields: { successUrl: 'https://club.example/welcome', language: 'en' },
		});
		const answer = await fetch(item!.json.url as string, {
			method: 'POST',
			body: new URLSearchParams({ provider: 'XERT' }),
			redirect: 'manual',
		});
		expect(answer.headers.get('location')).toMatch(
			/^https:\/\/club\.example\/welcome\?.*reference_id=rider-77/,
		);
		expect(stage.sandbox.users.at(-1)).toMatchObject({
			user_id: item!.json.user_id,
			reference_id: 'rider-77',
		});
	});

	it('lets the athlete choose among providers', async () => {
		const [item] = await run('createLink', { linkTo: 'choice', offeredProviders: 'xert, garmin' });
		expect(item!.json).toMatchObject({
			providers: 'XERT,GARMIN',
			reference_id: null,
			expires_in: 900,
		});
		const page = await (await fetch(item!.json.url as string)).text();
		expect(page.match(/Connect (?:XERT|GARMIN)/g)).toEqual(['Connect XERT', 'Connect GARMIN']);
	});

	it("uses the widget's successor if Terra has shut the widget down", async () => {
		stage.sandbox.settings.widgetSessionGone = true;
		const [item] = await run('createLink', { linkTo: 'choice', referenceId: 'rider-8' });
		expect(item!.json.url).toContain('/connect/');
		expect(sent('/api/widget/session')).toMatchObject([{ method: 'POST', status: 200 }]);
	});

	it('uses the newest widget session if the older two are gone', async () => {
		Object.assign(stage.sandbox.settings, { widgetSessionGone: true, dataVersion: '2026.10' });
		const [item] = await run('createLink', { linkTo: 'choice', referenceId: 'rider-8' });
		expect(item!.json).toMatchObject({
			url: expect.stringContaining('/connect/'),
			expires_in: 86_400,
		});
		expect(sent('/widget/session')).toMatchObject([{ method: 'POST', status: 201 }]);
	});

	it('uses the other address that Terra has for the successor', async () => {
		const asked: string[] = [];
		const terra = createServer(({ url }, response) => {
			asked.push(url!);
			response.setHeader('content-type', 'application/json');
			response.statusCode = [410, 404, 404, 200][asked.length - 1]!;
			response.end(JSON.stringify({ url: 'https://widget.example/1' }));
		});
		await new Promise<void>((resolve) => terra.listen(0, '127.0.0.1', resolve));
		const { port } = terra.address() as AddressInfo;
		const credential = { ...stage.credential, baseUrl: `http://127.0.0.1:${port}/api/v2` };
		const parameters = { resource: 'user', operation: 'createLink', linkTo: 'choice' };
		const [item] = await runTerra({ credential, parameters });
		await new Promise((resolve) => terra.close(resolve));

		expect(asked).toEqual([
			'/api/v2/auth/generateWidgetSession',
			'/api/widget/session',
			'/widget/session',
			'/widget/api/session',
		]);
		expect(item!.json.url).toBe('https://widget.example/1');
	});

	it('says what to do about an unknown provider', async () => {
		const provider = { __rl: true, mode: 'name', value: 'XURT' };
		expect(await failureOf(run('createLink', { provider }))).toEqual({
			message: 'Terra cannot make this link',
			description: expect.stringMatching(/Connections → Sources.*XURT/s),
		});
	});

	it.each(['', '*', 'XERT, GARMIN'])('needs exactly one provider, not "%s"', async (value) => {
		const { message } = await failureOf(
			run('createLink', { provider: { __rl: true, mode: 'name', value } }),
		);
		expect(message).toMatch(/^'Provider' (is empty|must be a single provider)$/);
	});

	it("creates no link if the reference ID's expression is empty", async () => {
		const failure = await failureOf(run('createLink', { referenceId: '={{ $json.nothing }}' }));
		expect(failure.message).toBe("The expression in 'Reference ID' yields nothing");
		expect(stage.sandbox.requests).toEqual([]);
	});

	it('reports an answer without a link', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 200, body: { status: 'success' } });
		expect(await failureOf(run('createLink'))).toMatchObject({
			message: "Terra's answer does not match the request",
			description: expect.stringContaining('success'),
		});
	});
});

describe('Disconnect', () => {
	it('ends the connection', async () => {
		const [first, second] = stage.sandbox.users.map(({ user_id }) => user_id);
		expect(await run('disconnect', { connection: byId(first!) })).toEqual([
			{ json: { deleted: true }, pairedItem: { item: 0 } },
		]);
		expect(stage.sandbox.users.map(({ user_id }) => user_id)).not.toContain(first);
		expect(stage.sandbox.users[0]!.user_id).toBe(second);
	});

	it('reports that there is nobody to disconnect', async () => {
		expect(await failureOf(run('disconnect', { connection: byId(NOBODY) }))).toMatchObject({
			message: 'Terra does not know this athlete',
		});
	});

	it('refuses a reference ID, without a request to Terra', async () => {
		const connection = { __rl: true, mode: 'reference', value: 'rider-1' };
		expect(await failureOf(run('disconnect', { connection }))).toMatchObject({
			message: "'Athlete' is not a Terra user ID",
		});
		expect(stage.sandbox.requests).toEqual([]);
	});

	it('does not repeat a request that may have succeeded', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 503 });
		await failureOf(run('disconnect', { connection: byId(stage.sandbox.users[0]!.user_id) }));
		expect(stage.sandbox.requests).toHaveLength(1);
	});
});
