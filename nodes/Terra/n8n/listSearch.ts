import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { localDay } from '../terra/days';
import { asText } from '../terra/json';
import {
	createClient,
	knownProviders,
	providerName,
	usersOnPage,
	type Client,
	type User,
} from '../transport';
import { connectionOf } from './connection';
import { nodeError } from './errors';

const ANY_PROVIDER = { name: 'Any Provider', value: '*' };

/** How many pages without a match to read in one step of the list. */
const PAGES_PER_SEARCH = 100;

/** For the provider picker: Xert first. */
export async function searchProviders(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	return await searching(this, async (client) => {
		const names = (await knownProviders(client)).sort();
		const [xert, ...others] = [...new Set(['XERT', ...names])].map((value) => ({
			name: providerName(value),
			value,
		}));
		const wanted = filter.toLowerCase();
		const results = [xert!, ANY_PROVIDER, ...others].filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		);
		return { results };
	});
}

/** For the user picker: those whose reference ID, provider or user ID contains the text. */
export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	return await searching(this, async (client) => {
		let page: number | undefined = Number(paginationToken ?? 0);
		for (let read = 0; page !== undefined && read < PAGES_PER_SEARCH; read++) {
			const { users, next }: Awaited<ReturnType<typeof usersOnPage>> = await usersOnPage(
				client,
				page,
			);
			const found = users.filter((user) => searchText(user).includes(wanted));
			page = next;
			if (found.length > 0) return { results: entriesFor(found), paginationToken: token(page) };
		}
		return { results: [], paginationToken: token(page) };
	});
}

/** Searches, with errors as n8n shows them. */
export async function searching(
	context: ILoadOptionsFunctions,
	search: (client: Client) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	try {
		return await search(createClient(connectionOf(context)));
	} catch (error) {
		throw nodeError(context.getNode(), error);
	}
}

function token(page: number | undefined): string | undefined {
	return page === undefined ? undefined : String(page);
}

function entriesFor(users: User[]) {
	const names = users.map(nameOf);
	return users.map((user, index) => {
		const isAmbiguous = names.filter((name) => name === names[index]).length > 1;
		return {
			name: isAmbiguous ? `${names[index]}${detailsOf(user)}` : names[index]!,
			value: user.user_id,
		};
	});
}

function nameOf(user: User): string {
	const provider = asText(user.provider) ?? 'Unknown Provider';
	const reference = asText(user.reference_id);
	const inactive = user.active === false ? ', no longer connected' : '';
	return reference
		? `${reference} (${provider}${inactive})`
		: `${provider} ${user.user_id.slice(0, 8)}…${inactive && ` (${inactive.slice(2)})`}`;
}

/** What distinguishes two connections of one person. */
function detailsOf({ user_id, created_at, last_webhook_update }: User): string {
	const since = localDay(created_at);
	const last = localDay(last_webhook_update);
	const details = [since && `since ${since}`, last && `last data ${last}`].filter(Boolean);
	return `, ${details.join(', ') || user_id.slice(0, 8)}`;
}

function searchText({ reference_id, provider, user_id }: User): string {
	return [reference_id, provider, user_id]
		.map((part) => asText(part) ?? '')
		.join(' ')
		.toLowerCase();
}
