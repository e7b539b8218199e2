import fc from 'fast-check';
import type { INodeExecutionData } from 'n8n-workflow';
import { restarted } from '../support/n8nCore';
import { activated, fakeTime, HOUR, published, time } from './passSupport';

fakeTime();

/** What can happen to one ride, or to n8n. */
type Happening =
	| 'delivered'
	| 'not delivered'
	| 'delivered, and its execution lost'
	| 'looked for'
	| 'looked for while n8n stores nothing'
	| 'n8n restarts'
	| 'n8n restarts without static data';

const HAPPENINGS: Happening[] = [
	'delivered',
	'not delivered',
	'delivered, and its execution lost',
	'looked for',
	'looked for while n8n stores nothing',
	'n8n restarts',
];

/** Plays the given sequence; returns the rides and those that started an execution. */
async function play(happenings: Happening[]) {
	const world = await published();
	const rides: string[] = [];
	const earlierExecutions: INodeExecutionData[][] = [];
	let isDown = false;
	const options = {
		beforeStart: () => {
			if (isDown) throw new Error('database is down');
		},
	};
	let { built } = world;
	let trigger = await activated(built, options);
	const restart = async (staticData?: object) => {
		await trigger.close();
		earlierExecutions.push(...trigger.executions);
		built = restarted(built, staticData as never);
		// Deliveries and passes share one node, and so one table.
		trigger = await activated(built, options);
	};
	const does: Record<Happening, () => Promise<unknown>> = {
		// Deliveries only reach the first process, which runs the server.
		delivered: async () => rides.push(await world.ride({ deliver: built === world.built })),
		'not delivered': async () => rides.push(await world.ride()),
		'delivered, and its execution lost': async () =>
			await world.losingExecutions(async () => {
				rides.push(await world.ride({ deliver: built === world.built }));
			}),
		'looked for': async () => await trigger.pass(),
		'looked for while n8n stores nothing': async () => {
			isDown = true;
			await trigger.pass();
			isDown = false;
		},
		'n8n restarts': async () => await restart(),
		'n8n restarts without static data': async () => await restart({}),
	};
	for (const happening of happenings) {
		await does[happening]();
		time.passes(HOUR);
	}
	time.passes(2 * HOUR);
	await trigger.pass();
	await trigger.pass();
	await restart();
	await trigger.pass();
	const executions = [...world.executions, ...earlierExecutions, ...trigger.executions];
	await trigger.close();
	await world.close();
	return {
		rides,
		ran: executions.flat().map(({ json }) => String(json.activity_key).split(':').at(-1)!),
	};
}

it('each ride starts the workflow exactly once, whatever happens to it or to n8n', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 12 }),
			async (happenings) => {
				const { rides, ran } = await play(happenings);
				expect(ran.sort()).toEqual(rides.sort());
			},
		),
		{ numRuns: 30 },
	);
}, 120_000);

it('no ride starts the workflow twice if n8n loses the static data', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.constantFrom(...HAPPENINGS, 'n8n restarts without static data'), {
				maxLength: 12,
			}),
			async (happenings) => {
				const { rides, ran } = await play(happenings as Happening[]);
				expect(new Set(ran).size).toBe(ran.length);
				expect(rides).toEqual(expect.arrayContaining(ran));
			},
		),
		{ numRuns: 30 },
	);
}, 120_000);
