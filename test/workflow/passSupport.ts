import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport';
import { startSandbox, type SandboxOptions } from '../../sandbox';
import { credentialFor } from '../../playground/credential';
import {
	activate,
	runTerra,
	workflowOf,
	type EmissionOptions,
	type TestWorkflow,
} from '../support/n8nCore';
import { noted, notedKeys } from '../support/deduplication';
import { startTrigger } from '../support/terra';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const real = { ...clock };
/** How far the simulated time is ahead of the real one. */
let shift = 0;
/** How far n8n's clock differs from the simulated time. */
let wrong = 0;
/** The triggers that wait for their next pass. */
let sleepers: Array<{ ms: number; wake: () => void }> = [];
const opened: Array<() => Promise<void>> = [];

/** Until the end of each test, all waits are short, except those of triggers between two passes. */
export function fakeTime() {
	beforeEach(() => {
		shift = 0;
		wrong = 0;
		sleepers = [];
		clock.now = () => rightTime() + wrong;
		clock.running = () => real.running() + shift;
		clock.sleep = async (ms, signal) => {
			if (ms < 10_000) return;
			await new Promise<void>((resolve) => {
				const over = () => {
					sleepers = sleepers.filter((one) => one !== sleeper);
					signal?.removeEventListener('abort', over);
					resolve();
				};
				const sleeper = { ms, wake: over };
				sleepers.push(sleeper);
				signal?.addEventListener('abort', over);
			});
		};
	});
	afterEach(async () => {
		for (const close of opened.splice(0).reverse()) await close();
		Object.assign(clock, real);
	});
}

const rightTime = () => Date.now() + shift;

export const time = {
	/** Sets n8n's clock wrong by the given milliseconds; Terra's stays right. */
	isWrong: (ms: number) => void (wrong = ms),
	passes: (ms: number) => void (shift += ms),
	/** The triggers that wait for their next pass. */
	sleepers: () => sleepers,
	/** Lets all of them start. */
	wakeAll() {
		for (const { wake } of [...sleepers]) wake();
	},
	/** From now on no deadline is longer than this. */
	hurry(most: number) {
		clock.deadline = (ms) => real.deadline(Math.min(ms, most));
	},
	takeTime: () => Object.assign(clock, { deadline: real.deadline }),
};

/** A person who has reconnected, and whose first connection Terra still lists. */
export const CONNECTED_TWICE: SandboxOptions = {
	users: [1, 2].map(() => ({ provider: 'XERT', reference_id: 'rider-1', historyDays: 0 })),
};

const ONE_RIDER = { users: [{ provider: 'XERT', reference_id: 'rider-1', historyDays: 30 }] };

/** A trigger published some days ago, with a sandbox that has one athlete. */
export async function published(
	parameters: INodeParameters = {},
	sandboxOptions: SandboxOptions = {},
) {
	let isLosing = false;
	const trigger = await startTrigger(parameters, {
		sandboxOptions: { now: rightTime, ...ONE_RIDER, ...sandboxOptions },
		losesExecution: () => isLosing,
	});
	opened.push(async () => await trigger.close());
	const { sandbox, built } = trigger;
	sandbox.setDestination(trigger.url);
	const first = await activated(built, { activation: 'activate' });
	await first.close();
	shift += 5 * DAY;
	return {
		...trigger,
		...ridesOf(sandbox),
		async losingExecutions(task: () => Promise<unknown>) {
			isLosing = true;
			await task();
			isLosing = false;
		},
	};
}

let pollingTriggers = 0;

/** A polling trigger published some days ago. */
export async function polling(
	parameters: INodeParameters = {},
	sandboxOptions: SandboxOptions = {},
) {
	const sandbox = await startSandbox({ now: rightTime, ...ONE_RIDER, ...sandboxOptions });
	opened.push(async () => await sandbox.close());
	const built = workflowOf({
		type: 'terraPollingTrigger',
		parameters,
		credential: credentialFor(sandbox),
		settings: { id: `polling-${++pollingTriggers}` },
	});
	const first = await activated(built, { activation: 'activate' });
	await first.close();
	shift += 5 * DAY;
	return { sandbox, built, ...ridesOf(sandbox) };
}

/** Fills n8n's table with other deliveries of this hour, so that it has forgotten all before. */
export function fillTable({ workflow, node }: TestWorkflow) {
	const keys = notedKeys(workflow, node.id);
	keys.length = 0;
	for (let key = 0; key < 2_500; key++) keys.push(`key ${key}`);
	keys.splice(0, 2, ...noted(`hour ${new Date(clock.now()).toISOString().slice(0, 13)}`));
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

const ridesOf = (sandbox: Sandbox) => ({
	/** Adds a ride that ended some hours ago. */
	async ride({ hoursAgo = 3, deliver = false, userId = undefined as string | undefined } = {}) {
		const durationSeconds = 600;
		const startTime = new Date(rightTime() - hoursAgo * HOUR - durationSeconds * 1000);
		const { activity } = await sandbox.finishRide({ durationSeconds, startTime, deliver, userId });
		return activity.metadata.summary_id;
	},
	/** Adds a ride of both connections of a person, with another name in the second if that is given. */
	async rideOfBoth(name?: string) {
		const startTime = new Date(clock.now() - 3 * HOUR);
		const { activity } = await sandbox.finishRide({
			durationSeconds: 600,
			startTime,
			deliver: false,
		});
		const { metadata } = activity;
		const other = { ...activity, metadata: { ...metadata, name: name ?? metadata.name } };
		sandbox.addActivities(sandbox.users[1]!.user_id, [other]);
		return metadata.summary_id;
	},
	/** Adds rides, a minute apart, of which the last ended some hours ago. */
	async manyRides(count: number, { hoursAgo = 3, userId = sandbox.users[0]!.user_id } = {}) {
		const { activity } = await sandbox.finishRide({
			durationSeconds: 600,
			startTime: new Date(rightTime() - 20 * DAY),
			deliver: false,
			userId,
		});
		const last = rightTime() - hoursAgo * HOUR;
		const rides = Array.from({ length: count }, (_, index) => {
			const end = last - (count - 1 - index) * MINUTE;
			const ride = structuredClone(activity);
			Object.assign(ride.metadata, {
				summary_id: `many-${index}`,
				start_time: new Date(end - 10 * MINUTE).toISOString(),
				end_time: new Date(end).toISOString(),
			});
			return ride;
		});
		sandbox.addActivities(userId, rides);
		return rides.map(({ metadata }) => metadata.summary_id);
	},
	requests: () => sandbox.requests.filter(({ path }) => path.includes('/activity')).length,
});

export async function activated(built: TestWorkflow, options: EmissionOptions = {}) {
	const active = await activate(built, options);
	opened.push(active.close);
	return {
		...active,
		counts: active,
		/** Runs the next pass to its end. @returns how long the trigger then waits for the next one */
		async pass() {
			sleepers[0]!.wake();
			while (sleepers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
			return sleepers[0]!.ms;
		},
		/** The line of Check Set-Up about its passes. */
		async setUpLine() {
			const items = await runTerra({
				credential: built.credential,
				parameters: { resource: 'account', operation: 'checkSetup' },
				credentialId: built.node.credentials!.terraApi!.id!,
			});
			return items.map(({ json }) => json).find(({ check }) => /^Requests by /.test(String(check)));
		},
		rides: () => active.executions.map((items) => items.map(rideId)),
	};
}

const rideId = ({ json }: INodeExecutionData) => String(json.activity_key).split(':').at(-1);
