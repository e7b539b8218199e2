import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { terraTool } from '../support/tool';
import { setStage, type Stage } from './historySupport';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

const fromAI = (key: string, description: string) =>
	`={{ $fromAI('${key}', '${description}', 'string') }}`;

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Get Many as set up for an agent: the model chooses the athlete and the days. */
const GET_RIDES: INodeParameters = {
	resource: 'activity',
	operation: 'getAll',
	user: byId(fromAI('user_id', 'user_id of the athlete')),
	period: fromAI('days', 'first and last day, YYYY-MM-DD/YYYY-MM-DD'),
	returnAll: true,
};

/** The value that a click on the stars next to a field puts into it. */
const left = (field: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${field}', \`\`, 'string') }}`;

const toolWith = async (parameters: INodeParameters) =>
	await terraTool(stage.credential, parameters);

const call = async (parameters: INodeParameters, input: Record<string, unknown>) =>
	JSON.parse(await (await toolWith(parameters)).invoke(input));

describe('the node as a tool for an agent', () => {
	it('describes to the model what it does and needs', async () => {
		const { description, schema } = await toolWith(GET_RIDES);
		expect(description).toMatch(/^Gets rides .* newest first.*distance_meters/);
		expect(Object.keys(schema.shape)).toEqual(['user_id', 'days']);
		expect(schema.shape.days!.description).toBe('first and last day, YYYY-MM-DD/YYYY-MM-DD');
	});

	it('answers how far somebody rode last week, with two clicks of set-up', async () => {
		// As n8n's editor saves it, with the field's list switched to By ID.
		const tool = await toolWith({
			user: { __rl: true, mode: 'id', value: left('Athlete') },
			period: left('Period'),
		});
		expect(Object.keys(tool.schema.shape)).toEqual(['Athlete', 'Period']);
		for (const field of Object.keys(tool.schema.shape)) {
			expect(tool.description).toContain(`${field}: `);
		}
		const answer = await tool.invoke({ Athlete: 'rider-1', Period: 'lastWeek' });
		const all = await call(GET_RIDES, {
			user_id: stage.sandbox.users[0]!.user_id,
			days: '2026-11-09/2026-11-15',
		});
		const meters = all.reduce(
			(sum: number, { distance_meters }: { distance_meters: number }) => sum + distance_meters,
			0,
		);
		expect(meters).toBeGreaterThan(0);
		const [week, ...more] = JSON.parse(answer);
		expect(more).toEqual([]);
		expect(week).toMatchObject({
			reference_id: 'rider-1',
			period_start: '2026-11-09',
			period_end: '2026-11-15',
			sentence: expect.stringContaining(' km'),
		});
		expect(week.distance_meters).toBeCloseTo(meters, 0);
		expect(answer.length).toBeLessThan(1000);
	});

	it('shows no date fields if the model chooses the period', () => {
		const { description } = new Terra();
		const type = { ...description, name: 'terraTool' };
		const parameters = { resource: 'activity', operation: 'getAll', period: left('Period') };
		const base = { id: '1', name: 'T', type: 't', typeVersion: 1 };
		const node: INode = { ...base, position: [0, 0], parameters };
		const shown = NodeHelpers.getNodeParameters(
			...([type.properties, parameters, true, false, node, type] as const),
		);
		expect(shown).toMatchObject({ limit: 50 });
		for (const field of ['from', 'to', 'howMany']) expect(shown).not.toHaveProperty(field);
	});

	it('accepts a bare day, as a model may write it', async () => {
		const input = { user_id: stage.sandbox.users[0]!.user_id };
		const days = (rides: Array<{ local_date: string }>) => rides.map((ride) => ride.local_date);
		const [newest] = days(await call(GET_RIDES, { ...input, days: 'last30Days' }));
		const found = days(await call(GET_RIDES, { ...input, days: newest }));
		expect(new Set(found)).toEqual(new Set([newest]));
	});

	it('returns what the model asks for, small enough for one to read', async () => {
		const rides = await call(GET_RIDES, {
			user_id: stage.sandbox.users[0]!.user_id,
			days: '2026-11-01/2026-11-22',
		});
		expect(rides.length).toBeGreaterThan(10);
		expect(rides[0]).toMatchObject({
			reference_id: 'rider-1',
			distance_meters: expect.any(Number),
		});
		expect(JSON.stringify(rides).length / rides.length).toBeLessThan(400);
	});

	it('lets the model find the athlete by name first', async () => {
		const users = await call(
			{
				resource: 'user',
				operation: 'getByReference',
				referenceId: fromAI('rider', 'reference ID'),
			},
			{ rider: 'rider-2' },
		);
		expect(users).toMatchObject([{ user_id: stage.sandbox.users[1]!.user_id, provider: 'XERT' }]);
	});

	it('lets the model choose the period by its name', async () => {
		const parameters: INodeParameters = {
			resource: 'activity',
			operation: 'getAll',
			user: { __rl: true, mode: 'reference', value: fromAI('rider', 'reference ID') },
			period: fromAI('period', 'last7Days, last30Days or thisYear'),
		};
		const rides = await call(parameters, { rider: 'rider-1', period: 'last7Days' });
		const days = rides.map(({ local_date }: { local_date: string }) => local_date);
		expect(days.length).toBeGreaterThan(0);
		expect(days.every((day: string) => day >= '2026-11-16')).toBe(true);
	});

	it('summarises a quarter in a few lines instead of a row for each ride', async () => {
		const parameters: INodeParameters = {
			resource: 'activity',
			operation: 'getSummary',
			user: { __rl: true, mode: 'reference', value: fromAI('rider', 'reference ID') },
			period: 'last90Days',
			groupBy: 'month',
		};
		const months = await call(parameters, { rider: 'rider-1' });
		expect(months.length).toBeLessThanOrEqual(4);
		expect(months.at(-1)).toMatchObject({
			rides: expect.any(Number),
			distance_meters: expect.any(Number),
			sentence: expect.any(String),
		});
	});

	const { description } = new Terra();
	const named = (name: string) => ({ ...description, name });
	const shows = (
		name: string,
		resource: string,
		property: INodeProperties | INodePropertyOptions,
	) => NodeHelpers.displayParameter({ resource, operation: '' }, property, null, named(name));
	const resources = description.properties
		.find(({ name }) => name === 'resource')!
		.options!.map((option) => (option as INodePropertyOptions).value as string);
	const offered = (name: string, resource: string) => {
		const [field, ...more] = description.properties.filter(
			(property) => property.name === 'operation' && shows(name, resource, property),
		);
		expect(more).toEqual([]);
		return (field!.options as INodePropertyOptions[]).filter((one) => shows(name, resource, one));
	};

	it.each(resources)('leaves out operations that only a person should run: %s', (resource) => {
		const values = (name: string) => offered(name, resource).map(({ value }) => value);
		const people = ['disconnect', 'export', 'requestBackfill', 'sendTestEvent'];
		expect(values('terraTool')).toEqual(
			values('terra').filter((value) => !people.includes(String(value))),
		);
		expect(values('terraTool')).not.toEqual([]);
	});

	it.each(
		resources.flatMap((resource) =>
			offered('terraTool', resource).map(({ value }) => [resource, String(value)] as const),
		),
	)('has a description written for models: %s %s', async (resource, operation) => {
		const { description: text } = await toolWith({ resource, operation });
		expect(text.length).toBeGreaterThan(60);
		expect(text).not.toMatch(/ in Terra$/);
	});

	it('returns an empty list if there is nothing', async () => {
		const input = {
			user_id: stage.sandbox.users[0]!.user_id,
			days: '2020-01-01/2020-01-31',
		};
		expect(await call(GET_RIDES, input)).toEqual([]);
	});

	it.each([
		[
			'an unknown athlete',
			{ user_id: '00000000-0000-4000-8000-000000000000' },
			/does not know this athlete.*Check the 'Athlete'/s,
		],
		['a name nobody has', { user_id: 'Ada' }, /knows nobody with this reference ID.*"Ada"/s],
		['no date', { days: '2026-11-31' }, /'Period' is not a date.*2026-01-31/s],
		['days the wrong way round', { days: '2026-11-22/2026-11-01' }, /'From' is after 'To'/],
	])('tells the model how to correct: %s', async (_what, mistake, expected) => {
		const input = {
			user_id: stage.sandbox.users[0]!.user_id,
			days: '2026-11-01/2026-11-22',
			...mistake,
		};
		await expect((await toolWith(GET_RIDES)).invoke(input)).rejects.toThrow(expected);
	});

	it('lists the periods for a model that invents one', async () => {
		const input = { user_id: stage.sandbox.users[0]!.user_id, days: 'last fortnight' };
		await expect((await toolWith(GET_RIDES)).invoke(input)).rejects.toThrow(/last7Days/);
	});
});
