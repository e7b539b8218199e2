import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { ExecuteContext } from 'n8n-core';
import type { INodeExecutionData, INodeParameters, NodeExecutionHint } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport/clock';
import {
	startSandbox,
	type ApiRequest,
	type Sandbox,
	type SandboxOptions,
	type SandboxUserSeed,
} from '../../sandbox';
import { runTerra, type NodeSetup, type RunOptions } from '../support/n8nCore';

/** Noon on a Sunday, UTC. */
const NOW = '2026-11-22T12:00:00Z';

/** The sandbox's usual athletes, but with short rides, which are faster to generate. */
const ATHLETES: SandboxUserSeed[] = [
	{ provider: 'XERT', reference_id: 'rider-1', rideSeconds: 120 },
	{ provider: 'XERT', reference_id: 'rider-2', rideSeconds: 120 },
	{ provider: 'XERT', reference_id: 'rider-3', rideSeconds: 120 },
	{ provider: 'GARMIN', reference_id: 'walker-1', rideSeconds: 120 },
];

export interface Stage {
	sandbox: Sandbox;
	/** How long the node waited each time, in milliseconds. */
	waits: number[];
	credential: { devId: string; apiKey: string; baseUrl: string };
	/** The data requests that reached Terra, oldest first. */
	reads(): ApiRequest[];
	/** Runs the node, by default for the first athlete's activities, and returns raw items. */
	run(
		parameters?: INodeParameters,
		options?: RunOptions & Pick<NodeSetup, 'settings'>,
	): Promise<Result>;
	setNow(time: string): void;
	/** The lines that the node wrote to n8n's log. */
	log: string[];
}

export interface Result {
	items: INodeExecutionData[];
	hints: string[];
}

/** A sandbox, and a clock shared by both sides: it only advances when the node waits, which takes no real time. */
export async function setStage(options: SandboxOptions = {}): Promise<Stage> {
	let now = Date.parse(NOW);
	const waits: number[] = [];
	const log: string[] = [];
	jest.spyOn(Container.get(Logger), 'info').mockImplementation((line) => void log.push(line));
	clock.now = () => now;
	clock.sleep = async (ms) => {
		waits.push(ms);
		now += ms;
	};
	const sandbox = await startSandbox({ now: () => now, users: ATHLETES, ...options });
	const credential = {
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		baseUrl: sandbox.apiBase,
	};
	return {
		sandbox,
		waits,
		log,
		credential,
		reads: () => sandbox.requests.filter(({ query }) => query.start_date !== undefined),
		run: async (parameters = {}, { settings, ...runOptions } = {}) => {
			const hints = jest.spyOn(ExecuteContext.prototype, 'addExecutionHints');
			try {
				const items = await runTerra(
					{
						credential,
						settings,
						parameters: { user: byId(sandbox.users[0]!.user_id), simplify: false, ...parameters },
					},
					runOptions,
				);
				const shown = hints.mock.calls.flat() as NodeExecutionHint[];
				return { items, hints: shown.map(({ message }) => message) };
			} finally {
				hints.mockRestore();
			}
		},
		setNow: (time) => {
			now = Date.parse(time);
		},
	};
}

export const byId = (value: string): INodeParameters[string] => ({ __rl: true, mode: 'id', value });

export const byReference = (value: string): INodeParameters[string] => ({
	__rl: true,
	mode: 'reference',
	value,
});

/** A custom range. */
export const days = (from: string, to: string): INodeParameters => ({ period: 'custom', from, to });

/** A ride with only the fields that history reads. */
export const ride = (id: string, start_time: string, end_time = start_time) => ({
	metadata: { summary_id: id, start_time, end_time, type: 16, upload_type: 1 },
});

interface Raw {
	type: string;
	user: { user_id: string };
	data: { metadata: { summary_id: string; start_time: string } };
	[field: string]: unknown;
}

export const raw = ({ items }: Result): Raw[] => items.map(({ json }) => json as unknown as Raw);

export const idsOf = (result: Result): string[] =>
	raw(result).map(({ data }) => data.metadata.summary_id);

export const startsOf = (result: Result): string[] =>
	raw(result).map(({ data }) => data.metadata.start_time);

/** The error of a failed run, as n8n shows it. */
export async function failureOf(
	run: Promise<unknown>,
): Promise<{ message: string; description: string }> {
	const error = await run.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof Error)) throw new Error('The run did not fail');
	return {
		message: error.message,
		description: String((error as { description?: string }).description),
	};
}
