import {
	NodeOperationError,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { insist, type Patience } from './retry';
import { exchange, refusalError, terraRequest } from './client';
import { judgeJson } from './verdict';

/** A connection as Terra describes it. */
export type User = JsonObject & { user_id: string };

interface Page {
	users: User[];
	/** Number of the next page. */
	next?: number;
}

const PER_PAGE = 500;

/** So many pages without a match are read for one look into the list. */
const PAGES_PER_SEARCH = 100;

/** All users of the environment, page by page. */
export async function* allUsers(
	this: IExecuteFunctions,
	{ patience }: { patience: Patience },
): AsyncGenerator<User[]> {
	for (let page: number | undefined = 0; page !== undefined;) {
		const { users, next }: Page = await readPage.call(this, page, patience);
		yield users;
		page = next;
	}
}

/** The users of these providers; none of them is any. */
export async function* usersOf(
	this: IExecuteFunctions,
	providers: string[],
	patience: Patience,
): AsyncGenerator<User> {
	for await (const users of allUsers.call(this, { patience })) {
		for (const user of users) {
			const provider = asText(user.provider)?.toUpperCase() ?? '';
			if (providers.length === 0 || providers.includes(provider)) yield user;
		}
	}
}

/**
 * All connections of one person.
 *
 * @throws NodeOperationError when there is none
 */
export async function usersByReference(
	this: IExecuteFunctions,
	referenceId: string,
	{ itemIndex, patience }: { itemIndex: number; patience: Patience },
): Promise<User[]> {
	const users = await askByReference.call(this, referenceId, patience);
	if (users.length > 0) return users;
	throw new NodeOperationError(this.getNode(), 'Terra knows nobody with this reference ID', {
		itemIndex,
		description: `Nobody is connected with the reference ID "${referenceId.slice(0, 60)}" in the environment of this credential. It must be written exactly as when connecting.`,
	});
}

async function askByReference(
	this: IExecuteFunctions,
	referenceId: string,
	patience: Patience,
): Promise<User[]> {
	const request = { path: '/userInfo', query: { reference_id: referenceId } };
	const verdict = await insist(
		async () => judgeJson(await exchange.call(this, request), request.path),
		patience,
	);
	if (verdict.kind === 'ok') return usersIn(verdict.value);
	if (verdict.reason.isUnknownUser) return [];
	throw refusalError.call(this, verdict.reason);
}

/** For the list of the user picker: those whose reference ID, provider or user ID contains the text. */
export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	let page: number | undefined = Number(paginationToken ?? 0);
	for (let read = 0; page !== undefined && read < PAGES_PER_SEARCH; read++) {
		const { users, next }: Page = await readPage.call(this, page);
		const found = users.filter((user) => searchText(user).includes(wanted));
		page = next;
		if (found.length > 0) return { results: found.map(listed), paginationToken: tokenOf(page) };
	}
	return { results: [], paginationToken: tokenOf(page) };
}

function tokenOf(page: number | undefined): string | undefined {
	return page === undefined ? undefined : String(page);
}

function listed(user: User) {
	const provider = asText(user.provider) ?? 'Unknown Provider';
	const reference = asText(user.reference_id);
	return {
		name: reference ? `${reference} (${provider})` : `${provider} ${user.user_id.slice(0, 8)}…`,
		value: user.user_id,
	};
}

function searchText({ reference_id, provider, user_id }: User): string {
	return [reference_id, provider, user_id]
		.map((part) => asText(part) ?? '')
		.join(' ')
		.toLowerCase();
}

async function readPage(
	this: IExecuteFunctions | ILoadOptionsFunctions,
	page: number,
	patience?: Patience,
): Promise<Page> {
	const query = { page, per_page: PER_PAGE };
	const answer = asObject(
		await terraRequest.call(this, { path: '/subscriptions', query }, patience),
	);
	const { results, next } = asObject(answer.data);
	const users = usersIn(results ?? answer);
	// A next page that is not further on would never end.
	return { users, next: typeof next === 'number' && next > page ? next : undefined };
}

/** The users in an answer: a list, `{ users }` or `{ user }`, all of which Terra has been seen to send. */
export function usersIn(answer: unknown): User[] {
	const { users, user } = asObject(answer);
	const list = [answer, users].find(Array.isArray) ?? [user];
	return list.filter((one): one is User => isObject(one) && asText(one.user_id) !== undefined);
}
