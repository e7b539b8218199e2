import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { CredentialTestContext, ExecuteContext } from 'n8n-core';
import type { ICredentialsDecrypted, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { inspect } from 'node:util';
import { testTerraApi } from '../../nodes/Terra/n8n';
import { Terra } from '../../nodes/Terra/Terra.node';
import { sampleEvents, type FaultKind, type Sandbox } from '../../sandbox';
import { callHook, runTerra, workflowOf } from '../support/n8nCore';
import { credentialFor, startTrigger, type Trigger } from '../support/terra';
import { byId, byReference, setStage, type Stage } from './historySupport';

/** What an athlete would not want in somebody's log. */
const HEALTH = ['Confidential loop', '143.718', '41.979417', 'Eulalia'];

/** Everything said other than to the next node: log lines at every level, hints, errors, answers. */
let said: string[];

const say = (...what: unknown[]) => said.push(inspect(what, { depth: 8, maxStringLength: null }));

beforeEach(() => {
	said = [];
	for (const level of ['error', 'warn', 'info', 'debug'] as const) {
		jest.spyOn(Logger.prototype, level).mockImplementation(say);
	}
	jest.spyOn(ExecuteContext.prototype, 'addExecutionHints').mockImplementation(say);
});
afterEach(() => jest.restoreAllMocks());

const secretsOf = ({ apiKey, signingSecret, adminToken }: Sandbox) => [
	apiKey,
	signingSecret,
	adminToken,
];

function found(secrets: string[]): string[] {
	return secrets.filter((secret) => said.some((text) => text.includes(secret)));
}

/** The sandbox's sample ride, with the confidential values in it. */
function confidentialRide() {
	const event = structuredClone(sampleEvents().activity) as any;
	const [activity] = event.data;
	activity.metadata.name = 'Confidential loop';
	activity.heart_rate_data = { summary: { avg_hr_bpm: 143.718 } };
	activity.position_data = { start_pos_lat_lng_deg: [41.979417, 2.821426] };
	return event;
}

it('the search for secrets finds one in the log', async () => {
	Container.get(Logger).debug('A line', { error: new Error('about 143.718 beats') });
	expect(found(HEALTH)).toEqual(['143.718']);
});

describe('secrets and health data', () => {
	it('are not in the answers or the log of the trigger', async () => {
		let failing = false;
		const options = {
			beforeStart: () => {
				if (failing) throw new Error('n8n cannot store it');
			},
		};
		const triggers: Trigger[] = [];
		const started = async (parameters: INodeParameters) => {
			const trigger = await startTrigger(parameters, options);
			triggers.push(trigger);
			return trigger;
		};
		const ride = confidentialRide();
		const athlete = { ...sampleEvents().athlete, athlete: { first_name: 'Eulalia' } };
		const url = 'https://evil.example/x?X-Amz-Signature=presigned-example';

		const open = await started({ events: ['*'], columns: 'full', options: { attachFile: 'gpx' } });
		say(await open.send(ride, { traceId: 'trace-1' }));
		say(await open.send(ride, { traceId: 'trace-1' }));
		say(await open.send(ride, { secret: 'wrong' }));
		say(await open.send(ride, { signature: null }));
		say(await open.send(athlete));
		say(await open.send([ride]));
		say(await open.send({ type: 's3_payload', url, expires_in: 300, status: 'success' }));
		failing = true;
		say(await open.send(ride));
		failing = false;
		for (const filters of [
			{ events: ['sleep'] },
			{ filters: { activityTypes: [0] } },
			{ filters: { userIds: 'nobody', referenceIds: 'nobody' } },
			{ filters: { minDistance: 900 } },
			{ options: { maxAgeHours: 1 } },
		]) {
			const trigger = await started(filters);
			say(await trigger.send(ride, { timestampSeconds: Math.floor(Date.now() / 1000) - 7200 }));
		}

		expect(said.length).toBeGreaterThan(20);
		const secrets = triggers.flatMap(({ sandbox }) => secretsOf(sandbox));
		expect(found([...secrets, ...HEALTH, 'presigned-example'])).toEqual([]);
		for (const trigger of triggers) await trigger.close();
	}, 30_000);

	describe('of the action node', () => {
		let stage: Stage;
		beforeEach(async () => {
			stage = await setStage();
		});
		afterEach(async () => await stage.sandbox.close());

		/** Required fields; some of them are needed by any operation. */
		const FILLED = { simplify: false, activityKey: 'ride-1', referenceId: 'rider-1' };
		const OPERATIONS = new Terra().description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options }) =>
				(options as INodePropertyOptions[]).map(({ value }) => ({
					resource: displayOptions!.show!.resource![0] as string,
					operation: value as string,
				})),
			);
		const KINDS: Array<[FaultKind, object]> = [
			['status', { status: 401, body: { title: 'unauthorized' } }],
			['status', { status: 404, body: { detail: 'user not found' } }],
			['html', {}],
			['reset', {}],
			['cut', {}],
			['truncate', {}],
			['redirect', { body: 'http://127.0.0.1:9/elsewhere' }],
			['receipt', {}],
			['provider_rate_limit', {}],
			['429r1', {}],
		];

		it.each(KINDS)('are not in an error or a log line: %s %j', async (kind, more) => {
			const { sandbox } = stage;
			const [user] = sandbox.users;
			const { activity } = await sandbox.finishRide({ userId: user!.user_id, deliver: false });
			sandbox.faults.add({ kind, ...more });

			let failures = 0;
			for (const operation of OPERATIONS) {
				const run = runTerra(
					{
						credential: credentialFor(sandbox),
						parameters: { ...FILLED, ...operation, user: byId(user!.user_id) },
					},
					{},
				);
				await run.catch((error) => {
					failures++;
					say(error, error.message, error.description, JSON.stringify(error));
				});
			}
			say(
				await testTerraApi.call(new CredentialTestContext(), {
					data: credentialFor(sandbox),
				} as unknown as ICredentialsDecrypted<never>),
			);

			expect(failures).toBeGreaterThan(0);
			expect(found([...secretsOf(sandbox), activity.metadata.name])).toEqual([]);
		});

		it('are not in the error about an invalid field', async () => {
			const { sandbox } = stage;
			for (const parameters of [
				{ user: byReference('nobody') },
				{ user: byId('not an ID') },
				{ period: 'custom', from: 'no date' },
				{ returnAll: false, limit: 0 },
			]) {
				const run = stage.run(parameters as INodeParameters);
				await expect(run).rejects.toThrow();
				await run.catch((error) => say(error, error.description));
			}
			expect(found(secretsOf(sandbox))).toEqual([]);
		});

		it.each([401, 403, 409, 500])('are not in what publishing logs: %i', async (status) => {
			const { sandbox } = stage;
			sandbox.faults.add({ kind: 'status', status, path: '/admin', body: { detail: 'no' } });
			const built = workflowOf({
				type: 'terraTrigger',
				parameters: { registration: 'automatic' },
				credential: credentialFor(sandbox),
			});
			await callHook(built, 'create').catch((error) => say(error, error.description));
			expect(said).toHaveLength(1);
			await callHook(built, 'delete');
			expect(found(secretsOf(sandbox))).toEqual([]);
		});
	});
});
