import { idText } from '../terra/events';
import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { expecting, type FinalAnswer } from './answer';
import type { Client } from './client';
import type { Retry } from './retry';
import { TerraError } from './terraError';

/** A connection as Terra describes it: one person at one provider. */
export type User = JsonObject & { user_id: string };

/** The users of a list, and how many of its entries have no ID: one such entry must not cost us the others. */
interface Found {
	users: User[];
	unnamed: number;
}

interface Page extends Found {
	/** Number of the next page. */
	next?: number;
}

/** Receives the users of a list who are left out. */
export interface LeftOut {
	/** Called once with the number of those who are no longer active. */
	inactive?(count: number): void;
	/** Called once with the number of those who have no ID, so that nothing can be asked about them. */
	unnamed?(count: number): void;
	/** Called with each user whose provider Terra does not return. If missing, such a user ends the list. */
	failed?(user: User, error: TerraError): void;
}

const PER_PAGE = 500;

/** One page of the environment's users. */
export async function usersOnPage(client: Client, page: number, retry?: Retry): Promise<Page> {
	const query = { page, per_page: PER_PAGE };
	const read = expecting((body) => pageIn(body, page));
	const about = { kind: 'environment' } as const;
	return await client.get({ path: '/subscriptions', query, about, read }, retry);
}

/**
 * Terra documents three shapes: `{ data: { results, next, max_page } }`, the same without `data`, and `{ users }` for
 * all at once. Anything else is not a list of users, not even an empty one.
 *
 * @throws TerraError when the list ends before its last page
 */
function pageIn(body: unknown, page: number): Page | undefined {
	const answer = asObject(body);
	if (Array.isArray(answer.users)) return usersAmong(answer.users);
	const { results, next, max_page } = isObject(answer.data) ? answer.data : answer;
	const found = Array.isArray(results) ? usersAmong(results, page > 0) : undefined;
	if (!found) return undefined;

	const pages = wholeNumber(max_page);
	const isLast = next === undefined ? page + 1 >= (pages ?? 0) : isBlank(next);
	// Count pages ourselves, since `next` can be a number, a text or an address.
	const nextPage = wholeNumber(next);
	const goesOn = nextPage === undefined || nextPage > page;
	if (!isLast && goesOn) return { ...found, next: page + 1 };
	if (isLast && page + 1 >= (pages ?? 0)) return found;
	throw new TerraError(
		"Terra's list of users ends before its last page",
		`It has ${pages ?? 'more'} pages, but ends after ${page + 1}. Try again in a few minutes.`,
	);
}

/**
 * @param isContinued whether an earlier page has shown that it is a list of users
 * @returns undefined if none of them has an ID: then it is not a list of users
 */
function usersAmong(list: readonly unknown[], isContinued = false): Found | undefined {
	const entries = list.filter((one) => one !== null);
	const users = entries.map(toUser).filter((user) => user !== undefined);
	if (users.length === 0 && entries.length > 0 && !isContinued) return undefined;
	return { users, unnamed: entries.length - users.length };
}

function toUser(value: unknown): User | undefined {
	const userId = isObject(value) ? idText(value.user_id) : undefined;
	return userId === undefined ? undefined : { ...(value as JsonObject), user_id: userId };
}

/** Terra sends numbers of pages as numbers or as text. */
function wholeNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/**
 * The users of these providers, page by page, so that ten thousand need no more memory than one page.
 *
 * @param providers in Terra's spelling; an empty list means any
 */
export async function* usersOf(
	client: Client,
	providers: string[],
	retry: Retry,
	leftOut: LeftOut = {},
): AsyncGenerator<User> {
	// If somebody connects meanwhile, others move to the next page.
	const seen = new Set<string>();
	let withoutId = 0;
	for (let page: number | undefined = 0; page !== undefined;) {
		const { users, unnamed, next }: Page = await usersOnPage(client, page, retry);
		withoutId += unnamed;
		let added = 0;
		for (const user of eachOnce(users)) {
			if (seen.has(user.user_id)) continue;
			seen.add(user.user_id);
			added++;
			if (providers.length === 0) {
				yield user;
				continue;
			}
			const known = await completed(client, user, retry, leftOut);
			if (!known) continue;
			if (providers.includes(asText(known.provider)?.toUpperCase() ?? '')) yield known;
		}
		if (next !== undefined && added === 0) {
			throw new TerraError(
				"Terra's list of users does not end",
				`Page ${page + 1} only repeats users of earlier pages. Try again in a few minutes.`,
			);
		}
		page = next;
	}
	if (withoutId > 0) leftOut.unnamed?.(withoutId);
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
		{
			path: '/userInfo',
			query: { reference_id: referenceId },
			about: { kind: 'user' },
			read: expecting(usersIn),
		},
		retry,
	);
	if (answer.kind !== 'data' && answer.error.reason !== 'unknownUser') throw answer.error;
	const found = answer.kind === 'data' ? answer.value : [];
	// They were found by this reference ID, so they have it even if the answer does not repeat it.
	const named = found
		.filter(({ reference_id }) => isBlank(reference_id) || reference_id === referenceId)
		.map((user) => mergeUser({ user_id: user.user_id, reference_id: referenceId }, user));
	if (named.length < found.length) {
		throw new TerraError("Terra's answer is about another person", 'Try again in a few minutes.');
	}
	const users = eachOnce(named);
	if (users.length > 0) return users;
	throw new UserError(
		'Terra knows nobody with this reference ID',
		`Nobody is connected with the reference ID "${referenceId.slice(0, 60)}" in the environment of this credential. It must exactly match the one used when connecting.`,
	);
}

/**
 * The users in an answer: a list, `{ users }` or `{ user }`. Terra may send any of these.
 *
 * @returns undefined for any other answer
 */
function usersIn(answer: unknown): User[] | undefined {
	const { users, user } = asObject(answer);
	const list = [answer, users].find(Array.isArray) as unknown[] | undefined;
	if (list) return usersAmong(list)?.users;
	const one = toUser(user);
	return one && [one];
}

/**
 * Reads the answer about one user.
 *
 * @returns undefined for an answer about anybody else
 */
export function userIn(answer: unknown, userId: string): User | undefined {
	return usersIn(answer)?.find(({ user_id }) => user_id.toLowerCase() === userId.toLowerCase());
}

/** What is known about a user, completed from an answer, which may leave out the reference ID. */
export function mergeUser(known: User, answer: JsonObject | undefined): User {
	const filled = Object.entries(answer ?? {}).filter(
		([name, value]) => !isBlank(value) || isBlank(known[name]),
	);
	return { ...known, ...Object.fromEntries(filled) };
}

/** Each user once. One listed both as departed and as connected is connected. */
function eachOnce(users: User[]): User[] {
	const once = new Map<string, User>();
	for (const user of users) {
		const known = once.get(user.user_id);
		if (!known || (!isActive(known) && isActive(user))) once.set(user.user_id, user);
	}
	return [...once.values()];
}

function isActive({ active }: User): boolean {
	return active !== false;
}

/** @returns undefined if Terra does not say; the caller has been notified */
async function completed(
	client: Client,
	user: User,
	retry: Retry,
	{ failed }: LeftOut,
): Promise<User | undefined> {
	if (!isBlank(user.provider)) return user;
	const answer = await askAbout(client, user.user_id, retry);
	if (answer.kind === 'data') return mergeUser(user, answer.value);
	if (!failed || answer.error.reason === 'credential') throw answer.error;
	failed(user, answer.error);
	return undefined;
}

/** Completes users by asking Terra, once for each user. */
export type CompleteUser = (user: User, retry?: Retry) => Promise<User>;

/**
 * A key must not depend on how an athlete was found, but an answer may leave out the reference ID, and of an athlete picked
 * by ID only that is known.
 */
export function userCompleter(client: Client): CompleteUser {
	const known = new Map<string, Promise<User>>();
	return async (user, retry) => {
		if (user.reference_id !== undefined && !isBlank(user.provider)) return user;
		const { user_id: userId } = user;
		let found = known.get(userId);
		if (!found) {
			found = lookUp(client, userId, retry);
			known.set(userId, found);
			// A failure is not kept: the next item about this user asks again.
			found.catch(() => known.delete(userId));
		}
		return mergeUser(user, await found);
	};
}

async function lookUp(client: Client, userId: string, retry?: Retry): Promise<User> {
	const answer = await askAbout(client, userId, retry);
	if (answer.kind === 'data') return answer.value;
	throw answer.error;
}

/** Asks Terra about a user. If Terra does not know them, only the ID is returned. */
async function askAbout(client: Client, userId: string, retry?: Retry): Promise<FinalAnswer<User>> {
	const answer = await client.ask(
		{
			path: '/userInfo',
			query: { user_id: userId },
			about: { kind: 'user' },
			read: expecting((body) => userIn(body, userId)),
		},
		retry,
	);
	if (answer.kind === 'data' || answer.error.reason !== 'unknownUser') return answer;
	return { kind: 'data', value: { user_id: userId } };
}

function isBlank(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** Whose data: one connection, all of one person, or everyone at some providers (an empty list means any). */
export type AthleteQuery = { userId: string } | { referenceId: string } | { providers: string[] };

/**
 * The connections of a query. Of one picked by ID only that is known. Those that Terra lists as no longer active are left
 * out: it would refuse each of them.
 */
export async function* athletesFor(
	query: AthleteQuery,
	client: Client,
	retry: Retry,
	leftOut: LeftOut = {},
): AsyncGenerator<User> {
	if ('userId' in query) {
		yield { user_id: query.userId };
		return;
	}
	const users =
		'referenceId' in query
			? await usersByReference(client, query.referenceId, retry)
			: usersOf(client, query.providers, retry, leftOut);
	let inactive = 0;
	let active = 0;
	for await (const user of users) {
		if (!isActive(user)) {
			inactive++;
			continue;
		}
		active++;
		yield user;
	}
	if ('referenceId' in query && active === 0) throw noLongerConnected();
	if (inactive > 0) leftOut.inactive?.(inactive);
}

function noLongerConnected(): TerraError {
	return new TerraError(
		'This athlete is no longer connected',
		'Send them a new link with the operation Create Connection Link: Terra has no data for a connection that has ended.',
		{ reason: 'unknownUser' },
	);
}

/** A better reason than a refusal, if the athlete with this ID has disconnected. */
export async function explainDeparted(
	client: Client,
	userId: string,
	error: TerraError,
): Promise<TerraError> {
	if (!['401', '404', '424'].includes(error.httpCode ?? '') || error.reason === 'credential') {
		return error;
	}
	const answer = await askAbout(client, userId);
	const isGone = answer.kind === 'data' && !isActive(answer.value);
	return isGone ? noLongerConnected() : error;
}
