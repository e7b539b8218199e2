import type { Activity, Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Answer, Query } from './api';
import { call, rider } from './api';

const NOW = Date.UTC(2026, 2, 20, 12);

let sandbox: Sandbox;
let userId: string;

beforeAll(async () => {
	sandbox = await startSandbox({
		now: () => NOW,
		users: [
			{ historyDays: 0 },
			{ historyDays: 0, reference_id: null },
			{ historyDays: 10, ridesPerWeek: 7, rideSeconds: 3600 },
			{ provider: 'GARMIN', historyDays: 30 },
		],
	});
	userId = rider(sandbox);
	sandbox.addActivities(userId, [
		ride('first', '2026-03-01T06:00:00.000000+00:00', '2026-03-01T07:00:00.000000+00:00'),
		ride('night', '2026-03-02T23:30:00.000000+00:00', '2026-03-03T00:30:00.000000+00:00'),
		ride('local', '2026-03-04T00:30:00.000000+01:00', '2026-03-04T00:50:00.000000+01:00'),
		ride('last', '2026-03-05T23:00:00.000000+00:00', '2026-03-06T00:00:00.000000+00:00'),
	]);
});

afterAll(async () => await sandbox.close());

function ride(summaryId: string, start: string, end: string): Activity {
	const metadata = { summary_id: summaryId, start_time: start, end_time: end, type: 16 };
	return {
		metadata,
		power_data: { avg_watts: 200, power_samples: [{ watts: 200 }] },
		TSS_data: { TSS_samples: [{ actual: 50 }] },
	};
}

const read = async (query: Query, path = '/activity'): Promise<Answer> =>
	await call(sandbox, path, { user_id: userId, to_webhook: false, ...query });
const ids = (answer: Answer): string[] =>
	answer.json.data.map((activity: Activity) => activity.metadata.summary_id);

describe('a window', () => {
	it.each<[string, Query, string[]]>([
		['excludes the end date', { start_date: '2026-03-01', end_date: '2026-03-02' }, ['first']],
		['is one day without an end date', { start_date: '2026-03-01' }, ['first']],
		[
			'is one day if both dates are equal',
			{ start_date: '2026-03-01', end_date: '2026-03-01' },
			['first'],
		],
		['includes a ride across midnight on the first day', { start_date: '2026-03-02' }, ['night']],
		['includes it on the second day too', { start_date: '2026-03-03' }, ['night', 'local']],
		['counts days in UTC', { start_date: '2026-03-04' }, []],
		['excludes a ride that ended as it begins', { start_date: '2026-03-06' }, []],
		['may end in the future', { start_date: '2026-03-05', end_date: '2026-03-25' }, ['last']],
		['accepts ten digits as seconds', { start_date: 1772344800, end_date: 1772348400 }, ['first']],
		['is exact to the second', { start_date: 1772348400, end_date: 1772350000 }, []],
		[
			'is in time order',
			{ start_date: '2026-03-01', end_date: '2026-03-10' },
			['first', 'night', 'local', 'last'],
		],
	])('%s', async (_name, query, expected) => {
		const answer = await read(query);
		expect(answer.status).toBe(200);
		expect(ids(answer)).toEqual(expected);
	});

	it.each<[string, Query]>([
		['an ISO moment', { start_date: '2026-03-01T00:00:00' }],
		['a day that does not exist', { start_date: '2026-02-30' }],
		['milliseconds', { start_date: 1772344800000 }],
		['a word', { start_date: 'yesterday' }],
		['a wrong end', { start_date: '2026-03-01', end_date: '01/03/2026' }],
	])('refuses %s', async (_name, query) => {
		const answer = await read(query);
		expect(answer.status).toBe(400);
		expect(answer.headers.get('content-type')).toContain('application/problem+json');
		expect(answer.json.detail).toContain('invalid isoformat');
	});

	it('refuses a missing start and an end before the start', async () => {
		expect((await read({})).json.detail).toBe('invalid start_date');
		const backwards = await read({ start_date: '2026-03-02', end_date: '2026-03-01' });
		expect(backwards.status).toBe(400);
		expect(backwards.json.detail).toContain('invalid end_date');
	});
});

describe('an answer', () => {
	it('has samples only if asked', async () => {
		const [plain] = (await read({ start_date: '2026-03-01' })).json.data;
		const [full] = (await read({ start_date: '2026-03-01', with_samples: true })).json.data;
		expect(plain.power_data).toEqual({ avg_watts: 200, power_samples: [] });
		expect(plain.TSS_data).toEqual({ TSS_samples: [{ actual: 50 }] });
		expect(full.power_data.power_samples).toEqual([{ watts: 200 }]);
	});

	it('names the user and the type', async () => {
		const { json } = await read({ start_date: '2026-03-01' });
		expect(json).toMatchObject({ type: 'activity', user: { user_id: userId, provider: 'XERT' } });
	});

	it('is a receipt unless to_webhook is false', async () => {
		const query = { user_id: userId, start_date: '2026-03-01' };
		const { json, headers } = await call(sandbox, '/activity', query);
		expect(json).toMatchObject({ status: 'success', type: 'activity', user: { user_id: userId } });
		expect(json.reference).toBe(json.trace_id);
		expect(headers.get('terra-reference')).toBe(json.reference);
		expect(json).not.toHaveProperty('data');
	});

	it('is the same under the older base', async () => {
		const query = { user_id: userId, to_webhook: false, start_date: '2026-03-01' };
		const older = await call(sandbox, '/activity', query, { base: `${sandbox.url}/v2` });
		expect(older.json).toEqual((await read({ start_date: '2026-03-01' })).json);
	});

	it.each<[string, string, boolean]>([
		['to a read of a calendar month is inline', '2026-04-01', true],
		['to a read of one more day is not', '2026-04-02', false],
	])('%s', async (_name, endDate, inline) => {
		const { json } = await read({ start_date: '2026-03-01', end_date: endDate });
		expect(Array.isArray(json.data)).toBe(inline);
		if (!inline) expect(json).toMatchObject({ status: 'success', message: expect.any(String) });
	});

	it('can be inline for any length if set to', async () => {
		sandbox.settings.longInlineRequest = 'inline';
		const { json } = await read({ start_date: '2026-01-01', end_date: '2026-04-02' });
		sandbox.settings.longInlineRequest = 'receipt';
		expect(json.data).toHaveLength(4);
	});
});

describe('a request is refused for', () => {
	it('an unknown user', async () => {
		const answer = await read({
			user_id: 'd4aba475-f714-4663-88fe-28f18b8599b0',
			start_date: '2026-03-01',
		});
		expect(answer).toMatchObject({
			status: 404,
			json: { title: 'not found', detail: 'user not found' },
		});
	});

	it('another data type of Xert', async () => {
		const answer = await read({ start_date: '2026-03-01' }, '/sleep');
		expect(answer).toMatchObject({ status: 404, json: { title: 'invalid data type' } });
	});

	it('a data type switched off in the dashboard', async () => {
		sandbox.settings.disabledDataTypes = ['activity'];
		const answer = await read({ start_date: '2026-03-01' });
		sandbox.settings.disabledDataTypes = [];
		expect(answer.status).toBe(400);
		expect(answer.json.detail).toContain('data type is not enabled');
	});

	it.each<[string, Record<string, string>]>([
		['no key', { 'dev-id': 'sandbox-dev' }],
		['no developer ID', { 'x-api-key': 'sandbox-api-key' }],
		['a wrong key', { 'dev-id': 'sandbox-dev', 'x-api-key': 'wrong' }],
	])('any path with %s', async (_name, headers) => {
		for (const path of ['/activity', '/subscriptions', '/userInfo', '/athlete']) {
			const answer = await call(sandbox, path, { page: 0, per_page: 1 }, { headers });
			expect(answer).toMatchObject({ status: 401, json: { title: 'unauthorized' } });
			expect(answer.json.instance).toContain(path);
		}
		const list = await call(sandbox, '/integrations', {}, { headers });
		expect(list.status).toBe(200);
	});
});

describe('the generated history', () => {
	it('has a ride a day for a daily rider: once in daily windows, but twice if across midnight', async () => {
		const user = rider(sandbox, 2);
		const { json } = await read({
			user_id: user,
			start_date: '2026-03-01',
			end_date: '2026-03-21',
		});
		expect(json.data).toHaveLength(10);
		expect(sandbox.activitiesOf(user)).toEqual(json.data);
		const daily: string[] = [];
		for (let day = 9; day <= 20; day++) {
			const date = `2026-03-${String(day).padStart(2, '0')}`;
			daily.push(...ids(await read({ user_id: user, start_date: date })));
		}
		expect(daily).toHaveLength(11);
		expect(new Set(daily).size).toBe(10);
	});

	it.each(['body', 'daily', 'menstruation', 'nutrition', 'sleep'])(
		'has %s for every day of somebody who measures it',
		async (type) => {
			const query = {
				user_id: rider(sandbox, 3),
				start_date: '2026-03-02',
				end_date: '2026-03-09',
			};
			const { json } = await read(query, `/${type}`);
			const days = json.data.map((record: Activity) => record.metadata.start_time.slice(0, 10));
			const whole = ['02', '03', '04', '05', '06', '07', '08'].map((day) => `2026-03-${day}`);
			expect(days).toEqual(type === 'sleep' ? ['2026-03-01', ...whole] : whole);
		},
	);

	it('has a night in two adjacent windows', async () => {
		const query = { user_id: rider(sandbox, 3) };
		const first = ids(await read({ ...query, start_date: '2026-03-02' }, '/sleep'));
		const second = ids(await read({ ...query, start_date: '2026-03-03' }, '/sleep'));
		expect(first.filter((id) => second.includes(id))).toHaveLength(1);
	});
});

describe('users', () => {
	it('are listed in pages until there is no next', async () => {
		const first = await call(sandbox, '/subscriptions', { page: 0, per_page: 2 });
		expect(first.json.data).toMatchObject({ next: 1, max_page: 1, results: { length: 2 } });
		const last = await call(sandbox, '/subscriptions', { page: 1, per_page: 2 });
		expect(last.json.data).toMatchObject({
			next: null,
			results: [{ user_id: rider(sandbox, 2) }, { provider: 'GARMIN' }],
		});
	});

	it('are found by reference in each form that Terra has been seen to use', async () => {
		const shapes = [];
		for (const shape of ['array', 'users', 'user'] as const) {
			sandbox.settings.userInfoByReference = shape;
			shapes.push((await call(sandbox, '/userInfo', { reference_id: 'rider-1' })).json);
		}
		sandbox.settings.userInfoByReference = 'array';
		const user = { user_id: userId };
		expect(shapes).toMatchObject([[user], { users: [user] }, { user }]);
	});

	it('are a 404 if unknown, and a 400 without an ID', async () => {
		expect((await call(sandbox, '/userInfo', { reference_id: 'nobody' })).status).toBe(404);
		expect((await call(sandbox, '/userInfo')).status).toBe(400);
		const bulk = await call(sandbox, '/bulkUserInfo', {}, { method: 'POST', body: [userId, 'x'] });
		expect(bulk.status).toBe(404);
	});
});

it('the request log contains no key', async () => {
	await read({ start_date: '2026-03-01' });
	const [last] = sandbox.requests.slice(-1);
	expect(last).toMatchObject({ method: 'GET', path: '/api/v2/activity', status: 200 });
	expect(JSON.stringify(sandbox.requests)).not.toContain(sandbox.apiKey);
});
