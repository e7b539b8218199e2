import { rider } from '../api';
import type { Desk, Extra } from './client';
import { openDesk } from './client';

let desk: Desk;
beforeEach(async () => {
	desk = await openDesk();
});
afterEach(async () => await desk.close());

const get = async (path: string, query: Extra['query'] = {}) =>
	await desk.admin('GET', path, undefined, { query });
const names = async (query: Extra['query'] = {}) =>
	(await get('/users', query)).json.data.map((user: any) => user.reference_id);

it('lists the sources that are switched on', async () => {
	const { json } = await get('/unified-api/sources');
	expect(json.data).toEqual([
		{ provider: 'xert', active: true, auth_redirect_url: expect.any(String) },
		{ provider: 'garmin', active: true, auth_redirect_url: expect.any(String) },
	]);
});

describe('users', () => {
	it('are shown with the times Terra knows', async () => {
		desk.sandbox.setDestination(desk.receiver.url);
		await desk.sandbox.finishRide({ durationSeconds: 60, indoor: true });
		const { json } = await get('/users', { user_id: rider(desk.sandbox) });
		expect(json.data).toEqual([
			{
				user_id: rider(desk.sandbox),
				reference_id: 'rider-1',
				provider: 'xert',
				active: true,
				created_at: '2026-07-24T09:00:00.000Z',
				last_updated_at: '2026-11-21T12:00:00.000Z',
				most_recent_data_at: '2026-11-21T12:00:00.000Z',
				scopes: [],
			},
		]);
	});

	it('are filtered', async () => {
		desk.sandbox.users[1]!.active = false;
		expect(await names()).toEqual(['rider-1', 'rider-2', 'rider-3', 'walker-1']);
		expect(await names({ provider: 'XERT' })).toEqual(['rider-1', 'rider-2', 'rider-3']);
		expect(await names({ active: false })).toEqual(['rider-2']);
		expect(await names({ reference_id: 'walker-1' })).toEqual(['walker-1']);
		expect(await names({ created_since: '2026-11-01T00:00:00Z' })).toEqual([]);
		expect(await names({ until: '2026-11-01T00:00:00Z' })).toHaveLength(4);
		const mistakes: Array<Extra['query']> = [
			{ provider: 'pedals' },
			{ since: 'yesterday' },
			{ since: '2026-11-01T00:00:00Z', created_since: '2026-11-02T00:00:00Z' },
		];
		for (const query of mistakes)
			expect((await get('/users', query)).json.code).toBe('validation_failed');
	});

	it('are found by the beginning of a reference ID, or the whole user ID', async () => {
		expect(await names({ q: 'rider' })).toEqual(['rider-1', 'rider-2', 'rider-3']);
		expect(await names({ q: rider(desk.sandbox, 1) })).toEqual(['rider-2']);
		for (let count = 0; count < 60; count++)
			desk.sandbox.addUser({ reference_id: `club-${count}`, historyDays: 1 });
		const { json } = await get('/users', { q: 'club' });
		expect(json).toMatchObject({ has_more: true, next_cursor: null });
	});

	it('come in pages', async () => {
		const first = (await get('/users', { limit: 3 })).json;
		const second = (await get('/users', { limit: 3, cursor: first.next_cursor })).json;
		expect([first.data.length, second.data.length, second.has_more]).toEqual([3, 1, false]);
	});
});

describe('stored data', () => {
	const dataOf = async (query: Extra['query'], userId = rider(desk.sandbox)) =>
		await get(`/users/${userId}/data`, query);

	it('is that of the last week, with samples', async () => {
		const { json } = await dataOf({ data_type: 'activity' });
		expect(json).toMatchObject({ user: { reference_id: 'rider-1' }, type: 'activity' });
		expect(json.data.length).toBeGreaterThan(0);
		for (const { metadata, heart_rate_data: heart } of json.data) {
			expect(Date.parse(metadata.end_time)).toBeGreaterThan(Date.UTC(2026, 10, 14, 12));
			expect(heart.detailed.hr_samples.length).toBeGreaterThan(0);
		}
		const less = await dataOf({ data_type: 'activity', samples: false });
		expect(less.json.data[0].heart_rate_data.detailed.hr_samples).toEqual([]);
	});

	it('is that of up to 31 days', async () => {
		const window = { since: '2026-10-01T00:00:00Z', until: '2026-11-01T00:00:00Z' };
		const { json } = await dataOf({ data_type: 'activity', samples: false, ...window });
		expect(json.data.length).toBeGreaterThan(10);
		const longer = { ...window, since: '2026-09-30T00:00:00Z' };
		expect((await dataOf({ data_type: 'activity', ...longer })).status).toBe(400);
		const turned = { since: window.until, until: window.since };
		expect((await dataOf({ data_type: 'activity', ...turned })).status).toBe(400);
	});

	it('needs a type and somebody who is connected', async () => {
		expect((await dataOf({})).json.errors[0]).toMatch(/^data_type: /);
		const nobody = '11111111-1111-4111-8111-111111111111';
		expect((await dataOf({ data_type: 'sleep' }, nobody)).json.code).toBe('not_found');
		expect((await dataOf({ data_type: 'sleep' }, 'rider-1')).status).toBe(400);
	});
});
