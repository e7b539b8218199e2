import Ajv from 'ajv';
import type { INodeParameters } from 'n8n-workflow';
import { outputSchemas } from '../../build/schemas';
import { OPERATIONS } from '../../nodes/Terra/resources';
import { adminCredentialFor } from '../../playground/credential';
import { runTerra } from '../support/n8nCore';
import { startTrigger } from '../support/terra';
import { byId, setStage, type Stage } from './historySupport';

const SCHEMAS = outputSchemas();
const ajv = new Ajv({ unknownFormats: 'ignore' });

let stage: Stage | undefined;
afterEach(async () => await stage?.sandbox.close());

/** The fields that a user must fill in a new node; n8n fills in the rest. */
function choices({ sandbox }: Stage): INodeParameters {
	const { user_id: userId } = sandbox.users.find(({ provider }) => provider === 'GARMIN')!;
	const { summary_id: activityKey } = sandbox.activitiesOf(userId).at(-1)!.metadata;
	return {
		user: byId(userId),
		connection: byId(userId),
		referenceId: 'walker-1',
		period: 'last30Days',
		activityKey,
	};
}

/** Expects the items to have exactly the offered fields. */
function expectAsOffered(path: string, items: object[]): void {
	const schema = SCHEMAS.get(path)!;
	expect(items.length).toBeGreaterThan(0);
	for (const item of items) {
		expect(ajv.validate(schema, item) ? '' : ajv.errorsText()).toBe('');
		expect(Object.keys(item).sort()).toEqual(Object.keys(schema.properties).sort());
	}
}

const operations = Object.entries(OPERATIONS).flatMap(([resource, list]) =>
	list.map(({ option }) => [resource, option.value] as const),
);

it.each(operations)(
	'%s → %s returns the fields that n8n offers before the first run',
	async (resource, operation) => {
		stage = await setStage();
		stage.sandbox.setDestination('http://127.0.0.1:9/webhook/x/webhook');
		const items = await runTerra({
			credential: stage.credential,
			adminCredential: adminCredentialFor(stage.sandbox),
			parameters: { ...choices(stage), resource, operation },
		});
		await stage.sandbox.close();
		expectAsOffered(
			`__schema__/v1.0.0/${resource}/${operation}.json`,
			items.map(({ json }) => json),
		);
	},
);

it('a trigger returns the fields that n8n offers', async () => {
	const trigger = await startTrigger();
	const { activity } = await trigger.sandbox.finishRide({ durationSeconds: 60, deliver: false });
	await trigger.send({ type: 'activity', user: trigger.sandbox.users[0], data: [activity] });
	await trigger.close();
	expectAsOffered('__schema__/v1.1.0.json', trigger.items());
});

it('a value of another type fails the check', () => {
	const schema = SCHEMAS.get('__schema__/v1.0.0/activity/getAll.json')!;
	expect(ajv.validate(schema, { distance_meters: '12 km' })).toBe(false);
});
