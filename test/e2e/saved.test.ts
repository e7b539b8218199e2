import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { createAdminCredential } from '../../playground/credential';
import type { Credential, Workflow } from '../../playground/n8n';
import { keyOf } from '../support/keyOf';
import { startWorld, type World } from './support';

jest.setTimeout(300_000);

const folder = join(__dirname, '../fixtures/saved');
const versions = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Each field by its path, with the values of its choices. */
type Fields = Record<string, string[]>;
type Saved = Record<string, { typeVersions: number[]; operations: Record<string, Fields> }>;

const day = (daysAgo: number) =>
	new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const chosen = (value: string, mode = 'id') => ({ __rl: true, mode, value });

const either = (...alternatives: IDataObject[]) => ({ either: alternatives });

let world: World;
let admin: Credential;
let types: INodeTypeDescription[];
/** Values for the fields that have no list of choices. */
let values: IDataObject;

beforeAll(async () => {
	// A short history, since every option is run.
	const users = ['rider-1', 'rider-2'].map((name) => ({ provider: 'XERT', reference_id: name }));
	const walker = { provider: 'GARMIN', reference_id: 'walker-1' };
	const histories = [...users, walker].map((user) => ({ ...user, historyDays: 14 }));
	world = await startWorld({}, { users: histories });
	const { client, sandbox } = world;
	// Some options ask for sixteen years.
	sandbox.settings.daysPerHour = Infinity;
	admin = await createAdminCredential(client, sandbox);
	types = (await client.nodeTypes()) as unknown as INodeTypeDescription[];
	const [rider] = sandbox.users;
	const { activity } = await sandbox.finishRide({ deliver: false, withSamples: true });
	values = {
		user: chosen('rider-1', 'reference'),
		connection: chosen(rider!.user_id),
		referenceId: 'rider-1',
		activityKey: either(
			chosen(keyOf(rider, activity.metadata.summary_id), 'key'),
			chosen(activity.metadata.summary_id),
		),
		provider: chosen('XERT', 'name'),
		providers: chosen('XERT', 'name'),
		offeredProviders: 'XERT, GARMIN',
		from: day(40),
		to: day(0),
		howMany: 2,
		limit: 20,
		minutes: 15,
		settleMinutes: 10,
		binaryPropertyName: 'data',
		testUrl: '',
		onlyShow: true,
		switchOn: false,
		returnAll: false,
		simplify: true,
		laps: false,
		toolDescription: 'Gets rides',
		'additionalFields.failureUrl': 'https://example.com/sorry',
		'additionalFields.language': 'en',
		'additionalFields.successUrl': 'https://example.com/welcome',
		'athleteNumbers.heartRateZones': '68, 83, 94, 105',
		'athleteNumbers.maxHeartRate': 190,
		'athleteNumbers.powerZones': '55, 75, 90, 105, 120, 150',
		'athleteNumbers.thresholdHeartRate': 170,
		'athleteNumbers.thresholdWatts': 250,
		'athleteNumbers.weightKg': 70,
		'filters.athletes': ['rider-1'],
		'filters.minDistance': 0.1,
		'filters.minDuration': 1,
		'format.protectText': true,
		'format.sentence': true,
		'format.slack': true,
		'options.day': day(0),
		'options.dropRepeated': true,
		'options.includeDeleted': true,
		'options.longestWait': 1,
		'options.payloadHosts': 'payloads.example.com',
		'options.thresholdWatts': 250,
		'options.verifySignature': true,
		'options.withSamples': false,
	};
});
afterAll(async () => await world?.close());

const typeOf = (name: string, version: number) =>
	types.find(
		(type) => type.name === `n8n-nodes-terra.${name}` && [type.version].flat().includes(version),
	);

/** All fields with that name: one may be described more than once, with different choices. */
function described(properties: readonly INodeProperties[], path: string): INodeProperties[] {
	const [first, second] = path.split('.');
	const found = properties.filter(({ name }) => name === first);
	if (second === undefined) return found;
	return found.flatMap(({ options }) => described(options as INodeProperties[], second));
}

/** Parameters with each choice in turn: as many variants as the longest list has choices. */
function variantsOf(fields: Fields, type: INodeTypeDescription): IDataObject[] {
	const single = Object.entries(fields).filter(([path]) => !/^(resource|operation)$/.test(path));
	const isMany = (path: string) =>
		described(type.properties, path).some((field) => field.type === 'multiOptions');
	const most = Math.max(
		1,
		...single.filter(([path]) => !isMany(path)).map(([, { length }]) => length),
	);
	const paths = single.map(([path]) => path);
	// A second time in other combinations, for lists with the same length.
	return Array.from({ length: 2 * most }, (_, index) => {
		const parameters: IDataObject = {};
		for (const [position, [path, choices]] of single.entries()) {
			if (paths.some((other) => other.startsWith(`${path}.`))) continue;
			const turn = index < most ? index : index + position;
			const value = valueOf(path, choices, turn, described(type.properties, path));
			const [first, second] = path.split('.') as [string, string?];
			if (second === undefined) parameters[first] = value;
			else parameters[first] = { ...(parameters[first] as IDataObject), [second]: value };
		}
		return parameters;
	});
}

function valueOf(path: string, choices: string[], index: number, fields: INodeProperties[]) {
	if (choices.length === 0) {
		if (!(path in values)) throw new Error(`Say above what somebody may have put into ${path}`);
		const value = values[path] as IDataObject;
		const alternatives = value.either as IDataObject[] | undefined;
		return alternatives ? alternatives[index % alternatives.length]! : value;
	}
	const known = fields.flatMap(({ options }) => options ?? []);
	const all = choices.map((choice) => {
		const option = known.find((one) => 'value' in one && String(one.value) === choice);
		return option && 'value' in option ? option.value : choice;
	});
	const isMany = fields.some(({ type }) => type === 'multiOptions');
	return isMany ? (all as string[]) : all[index % all.length]!;
}

const nodeFor = (name: string, version: number, parameters: IDataObject): INode => {
	const [terra, own] = [world.credential, admin].map(({ id, name: label }) => ({
		id,
		name: label,
	}));
	const isTrigger = name === 'terraTrigger';
	const needsAdmin = parameters.resource === 'account' || parameters.registration === 'automatic';
	return {
		id: randomUUID(),
		name: `Node ${randomUUID()}`,
		type: `n8n-nodes-terra.${name}`,
		typeVersion: version,
		position: [200, 0],
		parameters: parameters as INode['parameters'],
		credentials: { terraApi: terra!, ...(needsAdmin && { terraAdminApi: own! }) },
		...(isTrigger && { webhookId: randomUUID() }),
	};
};

const START = 'By Hand';
const start: INode = {
	...{ id: randomUUID(), name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
	...{ position: [0, 0], parameters: {} },
};

async function save(nodes: INode[]): Promise<Workflow> {
	const after = nodes.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }));
	const definition = { name: `Saved ${randomUUID()}`, nodes: [start, ...nodes] };
	return await world.client.createWorkflow({
		...definition,
		connections: { [START]: { main: [after] } },
	});
}

describe.each(versions)('a workflow saved with %s', (file) => {
	const saved = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Saved;
	const cases = Object.entries(saved).flatMap(([name, { typeVersions, operations }]) =>
		typeVersions.flatMap((version) =>
			Object.entries(operations).map(([operation, fields]) => ({
				name,
				version,
				operation,
				fields,
			})),
		),
	);

	const nodesOf = ({ name, version, operation, fields }: (typeof cases)[number]) => {
		const [resource, value] = operation.split('.');
		const chosenFor = value === undefined ? {} : { resource, operation: value };
		return variantsOf(fields, typeOf(name, version)!).map((parameters) =>
			nodeFor(name, version, { ...chosenFor, ...parameters }),
		);
	};

	it.each(cases)('loads with every field: $name $operation', async (one) => {
		const nodes = nodesOf(one);
		const workflow = await save(nodes);
		const seen = new Set<string>();
		for (const { parameters, typeVersion, name } of nodes) {
			const loaded = workflow.nodes.find((node) => node.name === name)!;
			expect(loaded.parameters).toEqual(parameters);
			for (const type of [typeOf(one.name, typeVersion)!, typeOf(`${one.name}Tool`, typeVersion)]) {
				if (!type) continue;
				const { properties } = type;
				const shown = NodeHelpers.getNodeParameters(
					...([properties, parameters, true, false, loaded, type] as const),
				)!;
				for (const [field, value] of Object.entries(shown)) {
					seen.add(field);
					if (described(properties, field)[0]!.type !== 'collection') continue;
					for (const inner of Object.keys(value as object)) seen.add(`${field}.${inner}`);
				}
			}
		}
		expect(Object.keys(one.fields).filter((field) => !seen.has(field))).toEqual([]);
	});

	/** Changes a node to data that the sandbox has. */
	const runnable = (node: INode): INode => {
		const { resource, operation, filters } = node.parameters as IDataObject;
		const isOther = !['activity', 'athlete', 'user', undefined].includes(resource as string);
		const person = { user: chosen('walker-1', 'reference'), providers: chosen('GARMIN', 'name') };
		const changes = {
			...(isOther && person),
			// Xert has no other data.
			...(node.type.endsWith('terraPollingTrigger') && { events: ['activity'] }),
			...(operation === 'sendTestEvent' && { provider: chosen('GARMIN', 'name') }),
			// Otherwise every type of upload is filtered out.
			...(filters !== undefined && { filters: { ...(filters as object), leaveOut: [2, 4] } }),
		};
		return { ...node, parameters: { ...node.parameters, ...changes } as INode['parameters'] };
	};

	const actions = cases.filter(({ name }) => name === 'terra');
	it.each(actions.filter(({ operation }) => operation !== 'user.disconnect'))(
		'runs: $operation',
		async (one) => {
			world.sandbox.setDestination('http://127.0.0.1:9/');
			const { id } = await save(nodesOf(one).map(runnable));
			const execution = await world.client.run(id, START);
			expect(execution.error).toBeUndefined();
		},
	);

	it('still receives rides', async () => {
		const { client, sandbox, url } = world;
		const triggers = cases
			.filter(({ name }) => name === 'terraTrigger')
			.flatMap(nodesOf)
			.map(runnable);
		const byHand = triggers.filter(
			({ parameters: { registration, emit } }) => registration === 'byHand' && emit !== 'settled',
		);
		expect(byHand.length).toBeGreaterThan(2);
		for (const node of byHand) {
			const workflow = await client.createWorkflow({
				name: node.name,
				nodes: [node],
				connections: {},
			});
			await client.publish(workflow.id);
			sandbox.setDestination(`${url}/webhook/${node.webhookId}/webhook`);
			await sandbox.finishRide({ durationSeconds: 600 });
			await sandbox.settled();
			const [execution] = await client.finishedExecutions(workflow.id, 1);
			expect([node.parameters, execution!.error]).toEqual([node.parameters, undefined]);
			await client.deactivate(workflow.id);
		}
	});

	it('still polls for rides', async () => {
		const [one] = cases.filter(({ name }) => name === 'terraPollingTrigger');
		for (const node of nodesOf(one!).map(runnable)) {
			const workflow = await world.client.createWorkflow({
				name: node.name,
				nodes: [node],
				connections: {},
			});
			const { error } = await world.client.run(workflow.id, node.name);
			expect([node.parameters, error]).toEqual([node.parameters, undefined]);
		}
	});
});
