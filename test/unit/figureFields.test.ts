import { NodeHelpers, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';

const isShown = (
	description: INodeTypeDescription,
	parameters: Record<string, unknown>,
	{ name }: Pick<INodeProperties, 'name'>,
) =>
	description.properties
		.filter((field) => field.name === name)
		.some((field) =>
			NodeHelpers.displayParameter(parameters as never, field, { typeVersion: 1 }, description),
		);

describe.each([
	['Terra', new Terra().description, { resource: 'activity', operation: 'getAll' }],
	['Terra Trigger', new TerraTrigger().description, { events: ['activity'] }],
] as const)("%s asks for the athlete's numbers", (_name, description, base) => {
	const field = { name: 'athleteNumbers' };

	it('when a figure is chosen, whatever the columns', () => {
		for (const columns of ['essential', 'full', 'selected']) {
			const parameters = { ...base, simplify: true, columns };
			expect(isShown(description, { ...parameters, figures: [] }, field)).toBe(false);
			expect(isShown(description, { ...parameters, figures: ['power_zones'] }, field)).toBe(true);
		}
	});

	it('when an expression chooses the figures', () => {
		expect(
			isShown(description, { ...base, simplify: true, figures: '={{ $json.x }}' }, field),
		).toBe(true);
	});

	it('only for rows', () => {
		expect(
			isShown(description, { ...base, simplify: false, figures: ['power_zones'] }, field),
		).toBe(false);
	});
});
