import { REGISTRABLE_TYPES } from '../events';
import { AdminProblem, invalid } from './problem';

export type Body = Record<string, unknown>;

export function bodyOf(value: unknown): Body {
	if (isBody(value)) return value;
	throw new AdminProblem('validation_failed', 'the body must be a JSON object');
}

export function isBody(value: unknown): value is Body {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isWebAddress(value: unknown): value is string {
	return (
		typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
	);
}

/** Reads `active` and `event_types`, which every version can change. An empty list means every type. */
export function switchesOf({ active, event_types: eventTypes }: Body) {
	if (active !== undefined && typeof active !== 'boolean')
		throw invalid('active', 'must be true or false');
	const switches: { active?: boolean; eventTypes?: string[] | null } = {};
	if (active !== undefined) switches.active = active;
	if (eventTypes === undefined) return switches;
	if (!isTextList(eventTypes)) throw invalid('event_types', 'must be a list of names');
	const unknown = eventTypes.find((type) => !REGISTRABLE_TYPES.has(type));
	if (unknown !== undefined) throw invalid('event_types', `no such type: ${unknown}`);
	switches.eventTypes = eventTypes.length > 0 ? eventTypes : null;
	return switches;
}

function isTextList(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
