import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeParameterResourceLocator,
	type INodeProperties,
	type JsonObject as N8nJsonObject,
} from 'n8n-workflow';
import { asText, isObject, type JsonObject } from '../../terra/json';
import { splitProviders } from '../../terra/providers';
import type { Patience } from '../../transport/insist';
import { terraRequest } from '../../transport/request';
import { allUsers, usersIn } from './users';

type Show = NonNullable<INodeProperties['displayOptions']>['show'];

/** A connection: one person at one provider. Of a user that was picked by ID only the ID is known. */
export type Athlete = JsonObject & { user_id: string };

const USER_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Whose data: one athlete, or everyone that a provider has. */
export function athleteFields(show: Show): INodeProperties[] {
	return [
		{
			displayName: 'Athletes',
			name: 'athletes',
			type: 'options',
			options: [
				{ name: 'One Athlete', value: 'one' },
				{ name: 'Everyone at a Provider', value: 'everyone' },
			],
			default: 'one',
			displayOptions: { show },
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			description: "The athlete's connection to a provider, which Terra calls a user",
			displayOptions: { show: { ...show, athletes: ['one'] } },
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
					placeholder: 'e.g. 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90',
					validation: [
						{
							type: 'regex',
							properties: {
								regex: `.*${USER_ID.source.replaceAll('a-f', 'a-fA-F')}.*`,
								errorMessage: 'A user ID looks like 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90',
							},
						},
					],
				},
				{
					displayName: 'By Reference ID',
					name: 'reference',
					type: 'string',
					placeholder: 'e.g. rider-0042',
					hint: 'Your own ID of the person: it covers all their connections',
				},
			],
		},
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'string',
			default: 'XERT',
			placeholder: 'e.g. XERT, GARMIN',
			description: 'Whose athletes to get. Separate several with commas; leave empty for any.',
			displayOptions: { show: { ...show, athletes: ['everyone'] } },
		},
	];
}

/**
 * The connections that the fields ask for. Those of a provider come page by page, so that ten thousand of them
 * need no more memory than one page.
 *
 * @throws NodeOperationError when no user is chosen, the ID is none, or nobody has the reference ID
 */
export async function* readAthletes(
	this: IExecuteFunctions,
	itemIndex: number,
	patience: Patience,
): AsyncGenerator<Athlete> {
	if (this.getNodeParameter('athletes', itemIndex, 'one') === 'everyone') {
		const provider = this.getNodeParameter('provider', itemIndex, '');
		yield* everyoneAt.call(this, splitProviders(provider), patience);
		return;
	}
	const { mode, value } = readLocator(this.getNodeParameter('user', itemIndex));
	if (value === '') {
		throw new NodeOperationError(this.getNode(), "'User' is empty", {
			itemIndex,
			description:
				'Choose an athlete. If the field is an expression, the item before has no such value.',
		});
	}
	if (mode === 'reference') {
		yield* withReference.call(this, value, itemIndex, patience);
		return;
	}
	const userId = USER_ID.exec(value)?.[0];
	if (!userId) {
		throw new NodeOperationError(this.getNode(), "'User' is not a Terra user ID", {
			itemIndex,
			description: `A user ID looks like 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90. To find an athlete by your own ID, choose 'By Reference ID'. It is now: ${value.slice(0, 60)}`,
		});
	}
	yield { user_id: userId.toLowerCase() };
}

/** An expression in a workflow made by hand or by a model may hold the bare ID. */
function readLocator(parameter: unknown): { mode: string; value: string } {
	const locator = isObject(parameter)
		? (parameter as unknown as INodeParameterResourceLocator)
		: { mode: 'id', value: parameter };
	return { mode: String(locator.mode), value: String(locator.value ?? '').trim() };
}

async function* everyoneAt(
	this: IExecuteFunctions,
	providers: string[],
	patience: Patience,
): AsyncGenerator<Athlete> {
	for await (const users of allUsers.call(this, { patience })) {
		for (const user of users) {
			const provider = asText(user.provider)?.toUpperCase() ?? '';
			if (providers.length === 0 || providers.includes(provider)) yield user;
		}
	}
}

async function* withReference(
	this: IExecuteFunctions,
	referenceId: string,
	itemIndex: number,
	patience: Patience,
): AsyncGenerator<Athlete> {
	const users = await usersWithReference.call(this, referenceId, patience);
	if (users.length === 0) {
		throw new NodeOperationError(this.getNode(), 'Terra knows nobody with this reference ID', {
			itemIndex,
			description: `Check the 'User': nobody is connected with the reference ID "${referenceId.slice(0, 60)}" in the environment of this credential.`,
		});
	}
	yield* users;
}

async function usersWithReference(
	this: IExecuteFunctions,
	referenceId: string,
	patience: Patience,
): Promise<Athlete[]> {
	try {
		const query = { reference_id: referenceId };
		return usersIn(await terraRequest.call(this, { path: '/userInfo', query }, patience));
	} catch (error) {
		if ((error as { httpCode?: string }).httpCode === '404') return [];
		// An error of n8n's own kind comes back as it is.
		throw new NodeApiError(this.getNode(), error as N8nJsonObject);
	}
}
