import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import type { Client } from './client';
import type { Retry } from './retry';

/** A connection as Terra describes it: one person at one provider. */
export type User = JsonObject & { user_id: string };

interface Page {
	users: User[];
	/** Number of the next page. */
	next?: number;
}

const PER_PAGE = 500;

/** One page of the environment's users. */
export async function usersOnPage(client: Client, page: number, retry?: Retry): Promise<Page> {
	const query = { page, per_page: PER_PAGE };
	const answer = asObject(
		await client.get({ path: '/subscriptions', query, about: { kind: 'environment' } }, retry),
	);
	const { results, next } = asObject(answer.data);
	const users = usersIn(results ?? answer);
	// A next page that is not further on would never end.
	return { users, next: typeof next === 'number' && next > page ? next : undefined };
}

/**
 * The users of these providers, page by page, so that ten thousand of them need no more memory than one page.
 *
 * @param providers in Terra's spelling; none of them is any
 */
export async function* usersOf(
	client: Client,
	providers: string[],
	retry: Retry,
): AsyncGenerator<User> {
	for (let page: number | undefined = 0; page !== undefined;) {
		const { users, next }: Page = await usersOnPage(client, page, retry);
		for (const user of users) {
			const provider = asText(user.provider)?.toUpperCase() ?? '';
			if (providers.length === 0 || providers.includes(provider)) yield user;
		}
		page = next;
	}
}

/**
 * All connections of one person.
 *
 * @throws UserError when there is none
 */
export async function usersByReference(
	client: Client,
	referenceId: string,
	retry: Retry,
): Promise<User[]> {
	const answer = await client.ask(
		{ path: '/userInfo', query: { reference_id: referenceId }, about: { kind: 'user' } },
		retry,
	);
	if (answer.kind !== 'data' && answer.error.reason !== 'unknownUser') throw answer.error;
	const users = answer.kind === 'data' ? usersIn(answer.value) : [];
	if (users.length > 0) return users;
	throw new UserError(
		'Terra knows nobody with this reference ID',
		`Nobody is connected with the reference ID "${referenceId.slice(0, 60)}" in the environment of this credential. It must be written exactly as when connecting.`,
	);
}

/** The users in an answer: a list, `{ users }` or `{ user }`, all of which Terra has been seen to send. */
export function usersIn(answer: unknown): User[] {
	const { users, user } = asObject(answer);
	const list = [answer, users].find(Array.isArray) ?? [user];
	return list.filter((one): one is User => isObject(one) && asText(one.user_id) !== undefined);
}

/** Whose data: one connection, all of one person, or everyone at some providers (none of them is any). */
export type AthleteQuery = { userId: string } | { referenceId: string } | { providers: string[] };

/** The connections that a query means. Of one that was picked by ID only the ID is known. */
export async function* athletesFor(
	query: AthleteQuery,
	client: Client,
	retry: Retry,
): AsyncGenerator<User> {
	if ('userId' in query) yield { user_id: query.userId };
	else if ('referenceId' in query) yield* await usersByReference(client, query.referenceId, retry);
	else yield* usersOf(client, query.providers, retry);
}
