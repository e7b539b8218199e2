import { readView } from '../fields/view';
import { readBoolean, readChoice, readList, readNumber, type Parameters } from '../fields/values';
import { readLocator } from '../fields/user';
import { FILE_FORMATS, type FileFormat, type View } from '../output';
import { asObject } from '../terra/json';
import { DELIVERY_COLUMNS } from './present';
import { splitProviders } from '../terra/providers';
import { UserError } from '../terra/userError';

/** What the fields of the trigger say. */
export interface TriggerSettings {
	filters: Filters;
	/** Whether later versions of what was emitted before start the workflow again. */
	emitsUpdates: boolean;
	view: View;
	attachFile: FileFormat | undefined;
	dropsRepeated: boolean;
	/** Hosts that may hold payloads, besides Amazon's. */
	payloadHosts: string[];
}

export interface Filters {
	/** Choices of 'Trigger On'; `*` is any event, also of types that Terra adds later. */
	events: string[];
	/** Upper-case provider names; empty is any. */
	providers: string[];
	/** Reference IDs, or Terra's user IDs; empty is any. */
	athletes: string[];
	/** Terra's numbers of activity types (0 is one); empty is any. */
	activityTypes: number[];
	/** Seconds in motion, or from start to end where Terra has no time in motion. */
	minSeconds: number;
	minMeters: number;
	/** Terra's numbers of upload types that are not wanted. */
	unwantedUploads: number[];
}

/** The fields that deliveries depend on. */
export const SETTING_FIELDS = [
	'events',
	'provider',
	'emit',
	'filters',
	'options',
	'simplify',
	'columns',
	'selectedColumns',
	'units',
	'format',
] as const;

/** @throws UserError naming the field */
export function readSettings(parameters: Parameters, timezone: string): TriggerSettings {
	const options = asObject(parameters.options);
	const attachFile = readChoice(
		options.attachFile,
		'Attach File',
		['none', ...FILE_FORMATS] as const,
		'none',
	);
	return {
		filters: readFilters(parameters),
		emitsUpdates: readChoice(parameters.emit, 'Emit', ['all', 'new'], 'all') === 'all',
		view: readView(parameters, timezone, DELIVERY_COLUMNS),
		attachFile: attachFile === 'none' ? undefined : attachFile,
		dropsRepeated: readBoolean(options.dropRepeated, 'Drop Repeated Deliveries', true),
		payloadHosts: readList(options.payloadHosts, 'Payload Hosts', /[\s,]/),
	};
}

/** Whether deliveries must be signed; anything but a clear "no" is a "yes". */
export function readVerifySignature(options: unknown): boolean {
	const { verifySignature } = asObject(options);
	return !(verifySignature === false || verifySignature === 'false');
}

function readFilters({ events, provider, filters }: Parameters): Filters {
	const { athletes, activityTypes, leaveOut, minDistance, minDuration } = asObject(filters);
	return {
		events: readList(events, 'Trigger On'),
		providers: splitProviders(readLocator(provider).value),
		athletes: readList(athletes, 'Athletes'),
		activityTypes: readNumbers(activityTypes, 'Activity Types'),
		unwantedUploads: readNumbers(leaveOut, 'Leave Out'),
		minSeconds:
			readNumber(minDuration, { field: 'Minimum Duration (Minutes)', min: 0, fallback: 0 }) * 60,
		minMeters:
			readNumber(minDistance, { field: 'Minimum Distance (Km)', min: 0, fallback: 0 }) * 1000,
	};
}

function readNumbers(value: unknown, field: string): number[] {
	return readList(value, field).map((entry) => {
		const number = Number(entry);
		if (Number.isInteger(number)) return number;
		throw new UserError(
			`'${field}' is not a list of its choices`,
			`Choose from the list, or use an expression that yields Terra's numbers. It holds: ${entry.slice(0, 60)}`,
		);
	});
}
