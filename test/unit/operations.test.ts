import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { TerraPollingTrigger } from '../../nodes/Terra/TerraPollingTrigger.node';
import { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';

const folder = join(__dirname, '../workflow');
const tests = readdirSync(folder)
	.filter((file) => file.endsWith('.test.ts'))
	.map((file) => readFileSync(join(folder, file), 'utf8'))
	.join('\n');

const operations = new Terra().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options }) => options as INodePropertyOptions[])
	.map(({ value }) => value as string);

it.each([...new Set(operations)])('%s is covered by a test in test/workflow', (operation) => {
	expect(tests).toContain(`'${operation}'`);
});

/**
 * n8n keeps what was typed when another operation is chosen, so a value must make sense in every field of that
 * name.
 */
describe('fields with the same name', () => {
	const properties = new Terra().description.properties.filter(({ name }) => name !== 'operation');
	const takes = ({ type, modes, options, displayName }: INodeProperties) => ({
		type,
		displayName,
		modes: modes?.map(({ name, hint }) => `${name} ${hint ?? ''}`),
		options: type === 'options' ? options!.map(({ name }) => name) : undefined,
	});
	const optionsIn = ({ type, options }: INodeProperties) =>
		type === 'collection' ? (options as INodeProperties[]) : [];

	const differing = (fields: INodeProperties[]) => {
		const shapes = new Map<string, Set<string>>();
		for (const field of fields) {
			const known = shapes.get(field.name) ?? new Set();
			shapes.set(field.name, known.add(JSON.stringify(takes(field))));
		}
		return [...shapes].filter(([, { size }]) => size > 1).map(([name]) => name);
	};

	it('accept the same values', () => {
		// Only Get Many offers Since the Last Successful Run. n8n marks it as invalid elsewhere, and the error explains it.
		expect(differing(properties)).toEqual(['period']);
		expect(differing(properties.flatMap(optionsIn))).toEqual([]);
	});

	it('default to Xert if they need one provider', () => {
		const single = properties.filter(({ name }) => name === 'provider');
		expect(single.length).toBeGreaterThan(2);
		for (const { default: given } of single) expect(given).toMatchObject({ value: 'XERT' });
	});
});

const everyField = [new Terra(), new TerraTrigger(), new TerraPollingTrigger()].flatMap(
	({ description }) => description.properties,
);

it('dates are picked without a time', () => {
	const datesIn = ({ type, options, ...field }: INodeProperties): INodeProperties[] => {
		if (type === 'collection') return (options as INodeProperties[]).flatMap(datesIn);
		return type === 'dateTime' ? [{ type, ...field }] : [];
	};
	const dates = everyField.flatMap(datesIn);
	expect(dates.map(({ name }) => name)).toEqual(expect.arrayContaining(['from', 'day']));
	expect(dates.filter(({ typeOptions }) => !typeOptions?.dateOnly)).toEqual([]);
});

it('notices use only the HTML that n8n renders', () => {
	const notices = everyField.filter(({ type }) => type === 'notice');
	const tags = notices.flatMap(({ displayName }) => [...displayName.matchAll(/<(\w+)/g)]);
	expect(new Set(tags.map(([, tag]) => tag))).toEqual(new Set(['a', 'ul']));
});

it('the description of a choice fits into the two lines that n8n shows', () => {
	const choicesIn = ({ type, options }: INodeProperties): INodePropertyOptions[] => {
		if (type === 'collection') return (options as INodeProperties[]).flatMap(choicesIn);
		return type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];
	};
	const cut = everyField
		.flatMap(choicesIn)
		.map(({ description }) => description ?? '')
		.filter(({ length }) => length > 110);
	expect(cut).toEqual([]);
});
