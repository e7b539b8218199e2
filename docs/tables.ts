import { columnName, type ColumnInfo } from '../nodes/Terra/rows/columns';
import { LAP_COLUMNS } from '../nodes/Terra/rows/lapRow';
import { SUMMARY_COLUMNS } from '../nodes/Terra/rows/summaryRow';
import { FIGURES } from '../nodes/Terra/rows/figureColumns';
import { RECORD_COLUMNS } from '../nodes/Terra/rows/recordColumns';
import { RIDE_COLUMNS } from '../nodes/Terra/rows/rideColumns';
import { ESSENTIAL_COLUMNS, FULL_COLUMNS } from '../nodes/Terra/rows/rideRow';
import { EVENTS, type EventType, type RecordType } from '../nodes/Terra/terra/events';
import { DELIVERY_COLUMNS } from '../nodes/Terra/trigger/present';
import { INDEX_ONLY, LAYERS } from '../layers.cjs';

type Rows = string[][];

const UNITS = ['terra', 'metric', 'imperial'] as const;

const table = (head: string[], rows: Rows): string =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string) => `\`${text}\``;

function columnTable(columns: ReadonlyArray<Omit<ColumnInfo, 'read'>>): string {
	return table(
		['Column', 'Unit', 'Meaning'],
		columns.map(({ name, unit = '', description }) => [code(name), unit, `${description}.`]),
	);
}

function rideTable(): string {
	return table(
		['Column', 'Unit', 'Essential', 'Meaning'],
		FULL_COLUMNS.map((column) => [
			code(column.name),
			column.unit ?? '',
			ESSENTIAL_COLUMNS.includes(column) ? 'yes' : '',
			`${column.description}.`,
		]),
	);
}

function figureTable(): string {
	return table(
		['Choice', 'Column', 'Unit', 'Meaning'],
		FIGURES.flatMap(({ name: choice, columns }) =>
			columns.map(({ name, unit = '', description }, index) => [
				index === 0 ? choice : '',
				code(name),
				unit,
				`${description}.`,
			]),
		),
	);
}

/** A section for each record type that has its own columns. */
function recordTables(): string {
	return Object.entries(RECORD_COLUMNS)
		.flatMap(([type, columns]) =>
			columns
				? [`### ${EVENTS[type as RecordType].name}`, `Key: \`${type}_key\`.`, columnTable(columns)]
				: [],
		)
		.join('\n\n');
}

function unitTable(): string {
	return table(
		['As Terra sends', 'Metric', 'Imperial'],
		RIDE_COLUMNS.filter(({ quantity }) => quantity).map((column) =>
			UNITS.map((units) => code(columnName(column, units))),
		),
	);
}

function eventTable(): string {
	const rows = Object.entries<EventType>(EVENTS)
		.map(([type, { name, choice = name, description, terraTypes = [type] }]) => [
			choice,
			terraTypes.map(code).join(', '),
			`${description}.`,
		])
		.sort(([a], [b]) => a!.localeCompare(b!));
	return table(
		['Choice under Trigger On', "Terra's type", 'When'],
		[...rows, ['Any Event', 'all', 'Everything Terra sends, including types it may add later.']],
	);
}

function layerTable(): string {
	return table(
		['Layer', 'Folder', 'Contents'],
		LAYERS.flatMap((folders, level) =>
			Object.entries(folders).map(([folder, contents], index) => [
				index === 0 ? String(LAYERS.length - level) : '',
				code(`${folder}/`) + (INDEX_ONLY.includes(folder) ? ' ▪' : ''),
				contents,
			]),
		),
	);
}

/** The generated tables, by page and name. */
export const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'docs/output.md': {
		'columns of an activity': rideTable(),
		'columns of a delivery': columnTable(DELIVERY_COLUMNS),
		'computed figures': figureTable(),
		'columns of a lap': columnTable(LAP_COLUMNS),
		'columns of a summary': columnTable(SUMMARY_COLUMNS),
		'columns in other units': unitTable(),
		'columns of other types': recordTables(),
	},
	'docs/trigger.md': { events: eventTable() },
	'CONTRIBUTING.md': { layers: layerTable() },
	'ARCHITECTURE.md': { layers: layerTable() },
};

export const blockOf = (name: string) =>
	new RegExp(`(<!-- generated: ${name} -->\\n)([^]*?)(<!-- end -->)`);
