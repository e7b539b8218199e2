/** Fields whose values are Terra's own words, never personal data. */
const SHOWN_FIELDS = new Set(['status', 'type', 'version', 'code', 'dry_run']);
const WORD = /^[\w .-]{1,40}$/;
/** A key that is a field name. Other keys may be an ID, a time or a number, which may be personal. */
const NAME = /^[A-Za-z][A-Za-z_]{0,60}\d{0,2}[A-Za-z_]{0,20}$/;

/**
 * The shape of an answer without its values: field names, and the type of each value. Only the values of `SHOWN_FIELDS`
 * are included.
 */
export function shapeOf(value: unknown, name = ''): string {
	if (value === null) return 'null';
	if (Array.isArray(value))
		return value.length === 0 ? '[]' : `[ ${shapeOf(value[0])} × ${value.length} ]`;
	if (typeof value === 'object') return shapeOfObject(value);
	if (SHOWN_FIELDS.has(name) && (typeof value !== 'string' || WORD.test(value)))
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

/** Paths of all values that are not empty, with `[]` for lists. Of a list only the first element counts. */
export function filledFields(value: unknown, path = ''): string[] {
	if (value === null || value === undefined || value === '') return [];
	if (Array.isArray(value)) return value.length === 0 ? [] : filledFields(value[0], `${path}[]`);
	if (typeof value !== 'object') return [path];
	return Object.entries(value)
		.filter(([name]) => NAME.test(name))
		.flatMap(([name, inner]) => filledFields(inner, path === '' ? name : `${path}.${name}`));
}
