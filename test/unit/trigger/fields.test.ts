import { NodeHelpers, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { TerraTrigger } from '../../../nodes/Terra/TerraTrigger.node';

const { description } = new TerraTrigger();

/** The fields that n8n shows with these choices under 'Trigger On', including filters. */
function shownWith(events: string[]): string[] {
	const parameters = { events, registration: 'byHand', simplify: true, columns: 'selected' };
	const node = { typeVersion: description.version as number };
	const isShown = (field: INodeProperties, root?: object) =>
		NodeHelpers.displayParameter(parameters, field, node, description, root as never);
	return description.properties
		.filter((field) => isShown(field))
		.flatMap((field) => [
			field.name,
			...(field.name === 'filters' ? (field.options as INodeProperties[]) : [])
				.filter((option) => NodeHelpers.displayParameter(parameters, option, node, description))
				.map(({ name }) => name),
		]);
}

const OF_RIDES = ['columns', 'selectedColumns', 'figures', 'activityTypes', 'minDistance'];

it('rides are the first choice, so that pressing Enter twice selects them', () => {
	const events = description.properties.find(({ name }) => name === 'events')!;
	const choices = (events.options as INodePropertyOptions[]).map(({ name }) => name);
	expect(choices[0]).toMatch(/ride or workout/i);
	expect(choices).toEqual([...choices].sort((a, b) => a.localeCompare(b)));
});

it.each([[['activity']], [['auth', 'activity']], [['*']]])(
	'%j shows the fields for rides',
	(events) => {
		expect(shownWith(events)).toEqual(expect.arrayContaining(['emit', 'athletes', ...OF_RIDES]));
	},
);

it('other records show no fields for rides', () => {
	const shown = shownWith(['sleep']);
	expect(shown).toEqual(expect.arrayContaining(['emit', 'athletes', 'simplify', 'units']));
	expect(shown.filter((name) => OF_RIDES.includes(name))).toEqual([]);
});

it('connections show neither versions nor units', () => {
	const shown = shownWith(['auth', 'deauth']);
	expect(shown).toEqual(expect.arrayContaining(['simplify', 'format']));
	expect(shown.filter((name) => ['emit', 'units', ...OF_RIDES].includes(name))).toEqual([]);
});
