import { sampleEvents } from '../../sandbox';
import { keyOf } from '../support/keyOf';
import { startTrigger, type Trigger } from '../support/terra';

const events = sampleEvents();
const ride = events.activity!;
const [record] = ride.data as Array<{ metadata: object }>;
const rideOf = (id: string) => ({
	...ride,
	data: [{ ...record, metadata: { ...record!.metadata, summary_id: id } }],
});
const keyFor = (id: string) => keyOf(ride.user!, id);

let trigger: Trigger;
/** The executions that n8n is storing, each with its outcome to call. */
let storing: Array<{ store(): void; fail(): void }>;
afterEach(async () => await trigger.close());

/** Starts a trigger in whose n8n an execution is only stored when `store` is called. */
async function startBusy(parameters: Parameters<typeof startTrigger>[0] = {}) {
	storing = [];
	trigger = await startTrigger(parameters, {
		beforeStart: async () =>
			await new Promise<void>((store, reject) => {
				storing.push({ store, fail: () => reject(new Error('database is locked')) });
			}),
	});
}

const until = async (condition: () => boolean) => {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Sends one ride, and the others while n8n is storing it. */
async function sendTogether(first: object, others: object[]) {
	const answers = [trigger.send(first)];
	await until(() => storing.length === 1);
	answers.push(...others.map(async (event) => await trigger.send(event)));
	await until(() => trigger.requests.length === 1 + others.length);
	// They have arrived, and reach the trigger within a few turns of the event loop.
	await new Promise((resolve) => setTimeout(resolve, 100));
	return answers;
}

async function storeAll(answers: Array<Promise<unknown>>) {
	let open = true;
	const done = Promise.all(answers).finally(() => (open = false));
	while (open) {
		for (const { store } of storing.splice(0)) store();
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	return await done;
}

const keys = () =>
	trigger.executions.map((items) => items.map(({ json }) => String(json.activity_key)).sort());

it('rides that arrive while n8n is storing one share the next execution, an item each', async () => {
	await startBusy();
	const answers = await sendTogether(rideOf('first'), ['a', 'b', 'c'].map(rideOf));
	expect(await storeAll(answers)).toEqual(Array(4).fill({ status: 200, text: 'started' }));
	expect(keys()).toEqual([[keyFor('first')], ['a', 'b', 'c'].map(keyFor)]);
	expect(trigger.items().map(({ status }) => status)).toEqual(Array(4).fill('new'));
	expect(trigger.thrown).toEqual([]);
});

it('if n8n cannot store an execution, its rides are refused, and accepted when they come again', async () => {
	await startBusy();
	const rides = ['a', 'b', 'c'].map(rideOf);
	const [first, ...others] = await sendTogether(rideOf('first'), rides);
	storing.shift()!.store();
	await first;
	await until(() => storing.length === 1);
	storing.shift()!.fail();
	// n8n answers the one that started the execution.
	const statuses = (await Promise.all(others)).map(({ status }) => status);
	expect(statuses.sort()).toEqual([500, 503, 503]);

	const again = rides.map(async (event) => await trigger.send(event));
	await until(() => storing.length === 3);
	await storeAll(again);
	expect(keys().slice(1).sort()).toEqual(['a', 'b', 'c'].map((id) => [keyFor(id)]));
});

it('an event of another type has an execution of its own', async () => {
	await startBusy({ events: ['*'], provider: '*' });
	const others = [rideOf('a'), events.auth!, rideOf('b')];
	await storeAll(await sendTogether(rideOf('first'), others));
	expect(trigger.executions.map((items) => items.length).sort()).toEqual([1, 1, 2]);
});

it.each([
	['One Delivery Each', { ridesPerExecution: 'one' }],
	['an attached file', { attachFile: 'chart' }],
])('with %s each delivery has its own execution, and none waits', async (_option, options) => {
	await startBusy({ options });
	const answers = await sendTogether(rideOf('first'), ['a', 'b'].map(rideOf));
	await until(() => storing.length === 3);
	await storeAll(answers);
	expect(keys().map((one) => one.length)).toEqual([1, 1, 1]);
});
