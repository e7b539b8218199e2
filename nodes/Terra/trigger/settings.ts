import { readRideFilters } from '../fields/filters';
import { readView } from '../fields/view';
import {
	readBoolean,
	readChoice,
	readList,
	readWholeNumber,
	type Parameters,
} from '../fields/values';
import { readLocator } from '../fields/user';
import { FILE_FORMATS, THEMES, type FileFormat, type FileOptions, type View } from '../output';
import type { RideFilters } from '../ride/filter';
import { asObject } from '../terra/json';
import { DELIVERY_COLUMNS } from './present';
import { splitProviders } from '../terra/providers';
import { UserError } from '../terra/userError';

/** What the fields of the trigger say. */
export interface TriggerSettings {
	filters: Filters;
	/** Whether later versions of an emitted record start the workflow again. */
	emitsUpdates: boolean;
	/** How long a record must stay unchanged before it starts the workflow; undefined if it starts at once. */
	settlesAfterMinutes: number | undefined;
	view: View;
	attachFile: FileFormat | undefined;
	pictureTheme: FileOptions['theme'];
	dropsRepeated: boolean;
	/** Whether each delivery starts its own execution. */
	startsEach: boolean;
	/** Hosts that may hold payloads, besides Amazon's. */
	payloadHosts: string[];
}

export interface Filters extends RideFilters {
	/** Choices of 'Trigger On'; `*` is any event, including types that Terra adds later. */
	events: string[];
	/** Upper-case provider names; empty is any. */
	providers: string[];
	/** Reference IDs, or Terra's user IDs; empty is any. */
	athletes: string[];
}

/** The fields that deliveries depend on. */
export const SETTING_FIELDS = [
	'events',
	'providers',
	'emit',
	'settleMinutes',
	'filters',
	'options',
	'simplify',
	'columns',
	'selectedColumns',
	'figures',
	'athleteNumbers',
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
	const emit = readChoice(parameters.emit, 'Emit', ['all', 'new', 'settled'] as const, 'all');
	const dropsRepeated = readBoolean(options.dropRepeated, 'Drop Repeated Deliveries', true);
	if (emit === 'settled' && !dropsRepeated) throw NEEDS_MEMORY;
	return {
		filters: readFilters(parameters),
		emitsUpdates: emit === 'all',
		settlesAfterMinutes:
			emit === 'settled'
				? readMinutes(parameters.settleMinutes, 'Unchanged For (Minutes)')
				: undefined,
		view: readView(parameters, timezone, DELIVERY_COLUMNS),
		attachFile: attachFile === 'none' ? undefined : attachFile,
		pictureTheme: readChoice(options.pictureTheme, 'Picture Theme', THEMES, 'light'),
		dropsRepeated,
		startsEach:
			readChoice(options.ridesPerExecution, 'Rides per Execution', ['many', 'one'], 'many') ===
			'one',
		payloadHosts: readList(options.payloadHosts, 'Payload Hosts', /[\s,]/),
	};
}

const NEEDS_MEMORY = new UserError(
	"'New, Once Settled' needs 'Drop Repeated Deliveries'",
	"Without it the trigger does not know which rides have started the workflow. Switch it on under Options, or set 'Emit' to New Only.",
);

/** @throws UserError naming the field */
export const readMinutes = (value: unknown, field: string): number =>
	readWholeNumber(value ?? 15, { field, ...MINUTES });

/** The same for all fields in minutes: Terra's data changes no faster, and a day is long enough. */
export const MINUTES = { min: 5, max: 24 * 60 };

/** Whether deliveries must be signed: anything but a clear "no" means "yes". */
export function readVerifySignature(options: unknown): boolean {
	const { verifySignature } = asObject(options);
	return !(verifySignature === false || verifySignature === 'false');
}

function readFilters(parameters: Parameters): Filters {
	const { events, providers, filters } = parameters;
	return {
		...readRideFilters(parameters),
		events: readList(events, 'Trigger On'),
		providers: splitProviders(readLocator(providers).value),
		athletes: readList(asObject(filters).athletes, 'Athletes'),
	};
}
