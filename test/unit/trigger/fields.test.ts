import { NodeHelpers, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { TerraTrigger } from '../../../nodes/Terra/TerraTrigger.node';

const { description } = new TerraTrigger();

/** What a person sees with these choices under 'Trigger On', filters included. */
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

it('the first choice is a ride, so that pressing Enter twice finds it', () => {
	const events = description.properties.find(({ name }) => name === 'events')!;
	const choices = (events.options as INodePropertyOptions[]).map(({ name }) => name);
	expect(choices[0]).toMatch(/ride or workout/i);
	expect(choices).toEqual([...choices].sort((a, b) => a.localeCompare(b)));
});

it.each([[['activity']], [['auth', 'activity']], [['*']]])(
	'%j has the fields of rides',
	(events) => {
		expect(shownWith(events)).toEqual(expect.arrayContaining(['emit', 'athletes', ...OF_RIDES]));
	},
);

it('other records have no fields of rides', () => {
	const shown = shownWith(['sleep']);
	expect(shown).toEqual(expect.arrayContaining(['emit', 'athletes', 'simplify', 'units']));
	expect(shown.filter((name) => OF_RIDES.includes(name))).toEqual([]);
});

it('connections have no versions and nothing measured either', () => {
	const shown = shownWith(['auth', 'deauth']);
	expect(shown).toEqual(expect.arrayContaining(['simplify', 'format']));
	expect(shown.filter((name) => ['emit', 'units', ...OF_RIDES].includes(name))).toEqual([]);
});
