import { exampleFiles, readExample, withPinnedEvent } from '../../docs/pinned';

it.each(exampleFiles())(
	'%s leaves the addresses of its webhooks to n8n: two imports do not clash',
	(file) => {
		expect(readExample(file).nodes.filter(({ webhookId }) => webhookId)).toEqual([]);
	},
);

const started = exampleFiles().filter((file) =>
	readExample(file).nodes.some(({ type }) => type === 'n8n-nodes-terra.terraTrigger'),
);

describe.each(started)('the example %s', (file) => {
	const workflow = readExample(file);

	it('has up-to-date data pinned to its trigger: npm run generate', () => {
		expect(workflow.pinData).toEqual(withPinnedEvent(workflow).pinData);
	});

	it('has a note on the canvas saying that its data is made up', () => {
		const [note] = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(note!.parameters.content).toMatch(/A made-up \w+ is pinned to the trigger/);
	});

	it('reads only columns that the pinned data has', () => {
		const [{ json }] = Object.values(workflow.pinData!)[0] as [{ json: object }];
		const trigger = Object.keys(workflow.pinData!)[0]!;
		const behind = workflow.connections[trigger]!.main![0]!.map(({ node }) => node);
		const read = workflow.nodes.flatMap(({ name, parameters }) => {
			const text = JSON.stringify(parameters);
			// The second pattern is how Home Assistant reads the published values.
			const patterns = [/\$\('Terra Trigger'\)\.item\.json\.(\w+)/g, /value_json\.(\w+)/g];
			if (behind.includes(name)) patterns.push(/\$json\.(\w+)/g);
			return patterns.flatMap((pattern) =>
				[...text.matchAll(pattern)].map(([, column]) => column!),
			);
		});
		expect(read.filter((column) => column !== 'error' && !(column in json))).toEqual([]);
	});
});

it('the PostgreSQL table has the columns of the pinned ride, in the same order', () => {
	const { nodes, pinData } = readExample('rides-to-postgres.json');
	const { query } = nodes.find(({ name }) => name === 'Create Table')!.parameters;
	const columns = [...String(query).matchAll(/^ {2}(\w+) /gm)].map(([, column]) => column);
	expect(columns).toEqual(Object.keys(pinData!['Terra Trigger']![0]!.json));
});
