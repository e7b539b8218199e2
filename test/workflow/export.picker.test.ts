import {
	NodeHelpers,
	type ILoadOptionsFunctions,
	type INode,
	type INodeListSearchResult,
	type INodeParameters,
} from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { keyOf } from '../support/keyOf';
import { byId, byReference, failureOf, ride, setStage, type Stage } from './historySupport';

let stage: Stage;
let athlete: string;
beforeEach(async () => {
	stage = await setStage({
		users: [{ provider: 'XERT', reference_id: 'rider-1', historyDays: 0 }],
	});
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => await stage.sandbox.close());

/** The entries of the activity picker with this value in the field 'User'. */
async function list(
	user: unknown,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	let shown: INodeListSearchResult = { results: [] };
	const { searchActivities } = new Terra().methods.listSearch;
	const execute = jest.spyOn(Terra.prototype, 'execute').mockImplementation(async function (
		this: unknown,
	) {
		const context = Object.create(this as object, {
			getCurrentNodeParameter: { value: (name: string) => (name === 'user' ? user : undefined) },
		}) as ILoadOptionsFunctions;
		shown = await searchActivities.call(context, filter, paginationToken);
		return [[]];
	});
	await stage.run().finally(() => execute.mockRestore());
	return shown;
}

const namesOf = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);

const at = (daysAgo: number, hour = '08') =>
	new Date(Date.parse(`2026-11-22T${hour}:00:00Z`) - daysAgo * 86_400_000).toISOString();

/** Adds rides, each given as days ago and a name. */
function addRides(...rides: Array<[daysAgo: number, name?: string, more?: object]>): void {
	stage.sandbox.addActivities(
		athlete,
		rides.map(([daysAgo, name, more]) => {
			const { metadata } = ride(`ride-${daysAgo}`, at(daysAgo), at(daysAgo, '09'));
			return {
				metadata: { ...metadata, name, ...more },
				distance_data: { summary: { distance_meters: 30_600 } },
			};
		}) as never,
	);
}

it("lists the athlete's rides, newest first, with their keys as values", async () => {
	addRides([9, 'Old loop'], [2, 'Girona loop'], [1]);
	const { results } = await list(byId(athlete));
	expect(results).toEqual([
		{ name: '2026-11-21 Road Biking, 30.6 km, 1:00:00', value: expect.any(String) },
		{
			name: '2026-11-20 Girona loop, 30.6 km, 1:00:00',
			value: keyOf(stage.sandbox.users[0], 'ride-2'),
		},
		{ name: '2026-11-13 Old loop, 30.6 km, 1:00:00', value: expect.any(String) },
	]);
});

it('exports the ride that was picked, without looking up its athlete', async () => {
	addRides([2, 'Girona loop'], [1]);
	const [, picked] = (await list(byId(athlete))).results;
	const { items } = await stage.run({
		operation: 'export',
		fileFormat: 'chart',
		user: { __rl: true, mode: 'list', value: '' },
		activityKey: { __rl: true, mode: 'list', value: picked!.value },
	});
	expect(items).toMatchObject([{ json: { name: 'Girona loop', activity_key: picked!.value } }]);
});

it('accepts a summary ID even if it looks like a key', async () => {
	addRides([2]);
	const looksLikeKey = 'other:XERT:1';
	stage.sandbox.addActivities(athlete, [ride(looksLikeKey, at(3), at(3, '09'))] as never);
	const { items } = await stage.run({
		operation: 'export',
		fileFormat: 'chart',
		activityKey: { __rl: true, mode: 'id', value: looksLikeKey },
	});
	expect(items).toHaveLength(1);
	expect(items[0]!.json.local_date).toBe('2026-11-19');
});

it.each([
	['a name, in any case', 'GIRONA', ['2026-05-01']],
	['a day', '2026-11-2', ['2026-11-21', '2026-11-20']],
	['what nothing has', 'Alpe', []],
])('searches by %s, however far back in the year', async (_what, words, days) => {
	addRides([400, 'Girona last year'], [205, 'Girona loop'], [2, 'x'], [1, 'y']);
	const found = namesOf(await list(byId(athlete), words));
	expect(found.map((name) => name.slice(0, 10))).toEqual(days);
	expect(stage.reads().length).toBeLessThan(17);
});

it('lists page after page, each ride once, to the end of the year', async () => {
	const days = Array.from({ length: 60 }, (_, index) => index * 6);
	addRides(...days.map((daysAgo): [number] => [daysAgo]));
	const names: string[] = [];
	let token: string | undefined;
	let pages = 0;
	do {
		const page = await list(byId(athlete), '', token);
		names.push(...namesOf(page));
		token = page.paginationToken as string | undefined;
		pages++;
	} while (token !== undefined && pages < 20);
	expect(names.map((name) => name.slice(0, 10))).toEqual(
		days.map((daysAgo) => at(daysAgo).slice(0, 10)),
	);
	expect(pages).toBeGreaterThan(3);
});

it('lists a ride without a date once, although it is in every window', async () => {
	const { metadata } = ride('dateless', null as never);
	const body = { data: [{ metadata: { ...metadata, name: 'Some day' } }] };
	stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
	expect(namesOf(await list(byId(athlete)))).toEqual(['Some day']);
});

it('says so if there is nothing to export', async () => {
	const { hints } = await stage.run({ operation: 'export', activities: 'period' });
	expect(hints).toEqual([expect.stringMatching(/no activities in this period.*'Filters'/)]);
});

it('lists what it has found after one request if the athlete rides often', async () => {
	addRides(...Array.from({ length: 20 }, (_, index): [number] => [index]));
	const { results } = await list(byId(athlete));
	expect(results).toHaveLength(20);
	expect(stage.reads()).toHaveLength(1);
});

it('lists the rides of all connections of a person in one order', async () => {
	const { user_id } = stage.sandbox.addUser({
		provider: 'GARMIN',
		reference_id: 'rider-1',
		historyDays: 0,
	});
	addRides([3, 'a'], [1, 'c']);
	stage.sandbox.addActivities(user_id, [ride('ride-g', at(2), at(2, '09'))] as never);
	const days = namesOf(await list(byReference('rider-1'))).map((name) => name.slice(0, 10));
	expect(days).toEqual(['2026-11-21', '2026-11-20', '2026-11-19']);
});

it('leaves out deleted rides', async () => {
	addRides([2, 'kept'], [1, 'gone', { upload_type: 4 }]);
	expect(namesOf(await list(byId(athlete)))).toEqual([expect.stringContaining('kept')]);
});

it.each([
	['no athlete is chosen', { __rl: true, mode: 'list', value: '' }, "'Athlete' is empty"],
	['there is no field', undefined, "'Athlete' is empty"],
] as Array<[string, INodeParameters | undefined, string]>)(
	'says what to do if %s',
	async (_what, user, message) => {
		expect((await failureOf(list(user))).message).toContain(message);
	},
);

it('says what is wrong if Terra refuses, and does not wait for an hour', async () => {
	stage.sandbox.faults.add({ kind: 'status', status: 424 });
	expect((await failureOf(list(byId(athlete)))).message).not.toBe('');
	expect(stage.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
});

it.each([
	['list', true],
	['id', true],
	['key', false],
	// The value that n8n saves for a picker nobody has used.
	[undefined, true],
])('for an activity chosen by %s, the field User is shown: %p', (mode, isShown) => {
	const { description } = new Terra();
	const activityKey = { __rl: true, mode, value: 'x' } as never;
	const parameters = {
		resource: 'activity',
		operation: 'export',
		...(mode !== undefined && { activityKey }),
	};
	const node: INode = {
		...{ id: '1', name: 'Terra', type: 'n8n-nodes-terra.terra', typeVersion: 1 },
		position: [0, 0],
		parameters,
	};
	const shown = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		node,
		description,
	)!;
	expect('user' in shown).toBe(isShown);
	expect(shown.activityKey).toMatchObject({ mode: mode ?? 'list' });
});
