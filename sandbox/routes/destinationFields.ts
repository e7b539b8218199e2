/** What a destination may be told to send; `lab_report` covers both of its events. */
const EVENT_TYPES = new Set([
	'activity',
	'athlete',
	'body',
	'daily',
	'menstruation',
	'nutrition',
	'sleep',
	'hormone',
	'health_observation',
	'planned_workout',
	'route',
	'lab_report',
	'auth',
	'auth_cancelled',
	'deauth',
	'user_reauth',
	'access_revoked',
	'connection_error',
	'permission_change',
	'large_request_processing',
	'large_request_sending',
]);

type Body = Record<string, unknown>;

/** The fields of a new destination, or what is wrong with them. */
export function checkNew(body: unknown) {
	if (!isBody(body)) return 'the body must be a JSON object';
	if (typeof body['url'] !== 'string' || !isWebAddress(body['url'])) return 'invalid url';
	if (body['type'] !== undefined && body['type'] !== 'webhook')
		return 'only webhook destinations can be made here';
	const rest = checkSwitches(body);
	if (typeof rest === 'string') return rest;
	return { url: body['url'], metadata: isBody(body['metadata']) ? body['metadata'] : {}, ...rest };
}

/** What may be changed later, or what is wrong: the URL, for one, is fixed. */
export function checkChange(body: unknown) {
	if (!isBody(body)) return 'the body must be a JSON object';
	const fixed = Object.keys(body).find((key) => key !== 'active' && key !== 'event_types');
	if (fixed !== undefined) return `${fixed} cannot be changed`;
	return checkSwitches(body);
}

/** An empty or missing list of event types means all. */
function checkSwitches(body: Body) {
	const { active, event_types: eventTypes } = body;
	if (active !== undefined && typeof active !== 'boolean') return 'invalid active';
	const switches: { active?: boolean; eventTypes?: string[] | null } = {};
	if (active !== undefined) switches.active = active;
	if (eventTypes === undefined) return switches;
	if (!isTextList(eventTypes)) return 'invalid event_types';
	const unknown = eventTypes.find((type) => !EVENT_TYPES.has(type));
	if (unknown !== undefined) return `invalid event_types: ${unknown}`;
	switches.eventTypes = eventTypes.length > 0 ? eventTypes : null;
	return switches;
}

function isBody(value: unknown): value is Body {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isWebAddress(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
