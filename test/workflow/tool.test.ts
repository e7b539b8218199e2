import { NodeHelpers, type INodeParameters, type INodePropertyOptions } from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { terraTool } from '../support/tool';
import { setStage, type Stage } from './historySupport';
import { keyOf } from '../support/keyOf';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

const fromAI = (key: string, description: string) =>
	`={{ $fromAI('${key}', '${description}', 'string') }}`;

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Get Many as somebody sets it up for an agent: the model chooses the athlete and the days. */
const GET_RIDES: INodeParameters = {
	resource: 'activity',
	operation: 'getAll',
	user: byId(fromAI('user_id', 'user_id of the athlete')),
	period: 'custom',
	from: fromAI('from', 'first day, YYYY-MM-DD'),
	to: fromAI('to', 'last day, YYYY-MM-DD'),
	returnAll: true,
};

const toolWith = async (parameters: INodeParameters) =>
	await terraTool(stage.credential, parameters);

const call = async (parameters: INodeParameters, input: Record<string, unknown>) =>
	JSON.parse(await (await toolWith(parameters)).invoke(input));

describe('the node as a tool of an agent', () => {
	it('tells the model what it does and what it wants', async () => {
		const { description, schema } = await toolWith(GET_RIDES);
		expect(description).toBe('Get many activities in Terra');
		expect(Object.keys(schema.shape)).toEqual(['user_id', 'from', 'to']);
		expect(schema.shape.from!.description).toBe('first day, YYYY-MM-DD');
	});

	it('brings what the model asks for, compact enough to be read by one', async () => {
		const rides = await call(GET_RIDES, {
			user_id: stage.sandbox.users[0]!.user_id,
			from: '2026-11-01',
			to: '2026-11-22',
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

	it('sums up a quarter in a few lines instead of a row for each ride', async () => {
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

	it('is not offered to disconnect anybody, which a person is', () => {
		const { description } = new Terra();
		const { options } = description.properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes('user'),
		)!;
		const offered = (name: string) =>
			(options as INodePropertyOptions[])
				.filter((option) =>
					NodeHelpers.displayParameter({ resource: 'user' }, option, null, {
						...description,
						name,
					}),
				)
				.map(({ value }) => value);
		expect(offered('terra')).toContain('disconnect');
		expect(offered('terraTool')).toEqual(offered('terra').filter((one) => one !== 'disconnect'));
	});

	it('answers with an empty list where there is nothing', async () => {
		const input = {
			user_id: stage.sandbox.users[0]!.user_id,
			from: '2020-01-01',
			to: '2020-01-31',
		};
		expect(await call(GET_RIDES, input)).toEqual([]);
	});

	it.each([
		[
			'an unknown athlete',
			{ user_id: '00000000-0000-4000-8000-000000000000' },
			/does not know this athlete.*Check the 'Athlete'/s,
		],
		['a name in place of an ID', { user_id: 'rider-1' }, /not a Terra user ID.*looks like 7d0c/s],
		['no date', { from: 'last Monday' }, /'From' is not a date.*2026-01-31/s],
		['days the wrong way round', { from: '2026-11-22', to: '2026-11-01' }, /'From' is after 'To'/],
	])('tells the model how to do better after: %s', async (_what, mistake, expected) => {
		const input = {
			user_id: stage.sandbox.users[0]!.user_id,
			from: '2026-11-01',
			to: '2026-11-22',
			...mistake,
		};
		await expect((await toolWith(GET_RIDES)).invoke(input)).rejects.toThrow(expected);
	});

	it('names the periods to a model that invents one', async () => {
		const parameters = { ...GET_RIDES, period: fromAI('period', 'name of a period') };
		const input = {
			user_id: stage.sandbox.users[0]!.user_id,
			from: '',
			to: '',
			period: 'last fortnight',
		};
		await expect((await toolWith(parameters)).invoke(input)).rejects.toThrow(/last7Days/);
	});

	it('gives the row of an export, whose file an agent cannot take', async () => {
		const { activity } = await stage.sandbox.finishRide({ deliver: false, durationSeconds: 600 });
		const key = keyOf(stage.sandbox.users[0]!, activity.metadata.summary_id);
		const rows = await call(
			{ resource: 'activity', operation: 'export', activityKey: fromAI('key', 'activity_key') },
			{ key },
		);
		expect(rows).toMatchObject([{ activity_key: key, file_name: expect.stringMatching(/\.fit$/) }]);
	});
});
