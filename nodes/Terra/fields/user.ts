import type { INodeProperties } from 'n8n-workflow';
import { isObject } from '../terra/json';
import { UserError } from '../terra/userError';
import type { Show } from './show';
import type { Parameters } from './values';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

const EXAMPLE = '7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90';

/**
 * The mode of a value that a model filled in, which may be either ID: n8n turns From List into By ID when somebody leaves
 * the field to a model.
 */
export const LEFT_TO_MODEL = 'model';

/** The picker for one connection of a person to a provider, or for all their connections. */
export function userField(show: Show = {}): INodeProperties {
	return {
		displayName: 'Athlete',
		name: 'user',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description: "An athlete's connection to a provider, which Terra calls a user",
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose an athlete…',
				typeOptions: { searchListMethod: 'searchUsers', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${EXAMPLE}`,
				validation: [
					{
						type: 'regex',
						properties: {
							regex: `.*${UUID}.*`,
							errorMessage: `A user ID looks like ${EXAMPLE}`,
						},
					},
				],
			},
			{
				displayName: 'By Reference ID',
				name: 'reference',
				type: 'string',
				placeholder: 'e.g. rider-0042',
				hint: 'Your own ID for the person: it covers all their connections',
			},
		],
	};
}

/** The picker for a single connection. It has a separate name: n8n would keep a reference ID from another operation. */
export function connectionField(show: Show = {}): INodeProperties {
	const field = userField(show);
	const modes = field.modes!.filter(({ name }) => name !== 'reference');
	return { ...field, name: 'connection', modes };
}

/**
 * The picker's value.
 *
 * @throws UserError when no user is chosen, or the ID is invalid
 */
export function readUser({ user }: Parameters): { userId: string } | { referenceId: string } {
	const { mode, value } = readLocator(user);
	if (value === '') {
		throw new UserError(
			"'Athlete' is empty",
			'Choose an athlete. If the field is an expression, the input item has no such value.',
		);
	}
	// It must match exactly, so it is not trimmed.
	if (mode === 'reference') return { referenceId: rawValue(user) };
	const userId = new RegExp(UUID).exec(value)?.[0];
	if (userId) return { userId: userId.toLowerCase() };
	if (mode === LEFT_TO_MODEL) return { referenceId: rawValue(user) };
	throw new UserError(
		"'Athlete' is not a Terra user ID",
		`A user ID looks like ${EXAMPLE}. Current value: ${value.slice(0, 60)}. To find an athlete by your own ID, choose 'By Reference ID', or the operation Get by Reference ID.`,
	);
}

/** As `readUser`, for a single connection. */
export function readUserId({ connection }: Parameters): string {
	const user = readUser({ user: connection });
	if ('userId' in user) return user.userId;
	throw new UserError(
		"'Athlete' is not a Terra user ID",
		'This operation needs one connection: choose it From List or By ID. The operation Get by Reference ID returns all connections of a person.',
	);
}

function rawValue(parameter: unknown): string {
	return String(isObject(parameter) ? parameter.value : parameter);
}

/** In a workflow written by hand or by a model, an expression may yield the bare value. */
export function readLocator(parameter: unknown): { mode: string; value: string } {
	const { mode, value } = isObject(parameter) ? parameter : { mode: 'id', value: parameter };
	return { mode: String(mode), value: String(value ?? '').trim() };
}
