import { exampleFiles, readExample, withPinnedEvent } from '../../docs/pinned';

const started = exampleFiles().filter((file) =>
	readExample(file).nodes.some(({ type }) => type === 'n8n-nodes-terra.terraTrigger'),
);

describe.each(started)('the example %s', (file) => {
	const workflow = readExample(file);

	it('has what its trigger puts out pinned to it: npm run generate', () => {
		expect(workflow.pinData).toEqual(withPinnedEvent(workflow).pinData);
	});

	it('says so on the canvas', () => {
		const [note] = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(note!.parameters.content).toMatch(/A made-up \w+ is pinned to the trigger/);
	});

	it('names no column that what is pinned does not have', () => {
		const [{ json }] = Object.values(workflow.pinData!)[0] as [{ json: object }];
		const trigger = Object.keys(workflow.pinData!)[0]!;
		const behind = workflow.connections[trigger]!.main![0]!.map(({ node }) => node);
		const read = workflow.nodes.flatMap(({ name, parameters }) => {
			const text = JSON.stringify(parameters);
			const patterns = [/\$\('Terra Trigger'\)\.item\.json\.(\w+)/g];
			if (behind.includes(name)) patterns.push(/\$json\.(\w+)/g);
			return patterns.flatMap((pattern) =>
				[...text.matchAll(pattern)].map(([, column]) => column!),
			);
		});
		expect(read.length).toBeGreaterThan(0);
		const optional = ['error', 'file_problem'];
		expect(read.filter((column) => !optional.includes(column) && !(column in json))).toEqual([]);
	});
});
