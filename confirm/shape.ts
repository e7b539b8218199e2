/** Words of Terra's own that say something about an answer and nothing about a person. */
const TELLING = new Set(['status', 'type', 'version', 'code', 'dry_run']);
const WORD = /^[\w .-]{1,40}$/;
/** A key that names a thing: one that holds an ID, a time or a number may be somebody's. */
const NAME = /^[A-Za-z][A-Za-z_]{0,60}\d{0,2}[A-Za-z_]{0,20}$/;

/**
 * What an answer looks like, and nothing of what is in it: names of fields, and the kind of their values. Only Terra's
 * own words, such as a `status`, are shown.
 */
export function shapeOf(value: unknown, name = ''): string {
	if (value === null) return 'null';
	if (Array.isArray(value))
		return value.length === 0 ? '[]' : `[ ${shapeOf(value[0])} × ${value.length} ]`;
	if (typeof value === 'object') return shapeOfObject(value);
	if (TELLING.has(name) && (typeof value !== 'string' || WORD.test(value)))
		return JSON.stringify(value);
	if (typeof value === 'string') return kindOfText(value);
	return value === undefined ? 'nothing' : typeof value;
}

function shapeOfObject(object: object): string {
	const fields = Object.entries(object);
	const named = fields.filter(([name]) => NAME.test(name));
	const shown = named.map(([name, value]) => `${name}: ${shapeOf(value, name)}`);
	const [other] = fields.filter(([name]) => !NAME.test(name));
	if (other) shown.push(`(${fields.length - named.length} keys): ${shapeOf(other[1])}`);
	return shown.length === 0 ? '{}' : `{ ${shown.join(', ')} }`;
}

function kindOfText(text: string): string {
	if (text === '') return 'empty text';
	if (/^\d{4}-\d\d-\d\dT/.test(text))
		return /(Z|[+-]\d\d:?\d\d)$/.test(text) ? 'time with zone' : 'time without zone';
	if (/^\d{4}-\d\d-\d\d$/.test(text)) return 'day';
	if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)) return 'UUID';
	if (/^https?:/.test(text)) return 'address';
	return /^\d+$/.test(text) ? 'digits' : 'text';
}

/** Paths of all values that are there, with `[]` for lists. */
export function filledFields(value: unknown, path = ''): string[] {
	if (value === null || value === undefined || value === '') return [];
	if (Array.isArray(value)) return value.length === 0 ? [] : filledFields(value[0], `${path}[]`);
	if (typeof value !== 'object') return [path];
	return Object.entries(value)
		.filter(([name]) => NAME.test(name))
		.flatMap(([name, inner]) => filledFields(inner, path === '' ? name : `${path}.${name}`));
}
