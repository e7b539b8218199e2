import { idText } from '../terra/events';
import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { expecting, type FinalAnswer } from './answer';
import type { Client } from './client';
import type { Retry } from './retry';
import { TerraError } from './terraError';

/** A connection as Terra describes it: one person at one provider. */
export type User = JsonObject & { user_id: string };

/** The users of a list, and how many of its entries name nobody: one such entry must not cost all others. */
interface Found {
	users: User[];
	unnamed: number;
}

interface Page extends Found {
	/** Number of the next page. */
	next?: number;
}

/** Told whom a list has and the caller does not get. */
export interface LeftOut {
	/** Called once with the number of those that are no longer active. */
	inactive?(count: number): void;
	/** Called once with the number of those that have no ID, so that nothing can be asked about them. */
	unnamed?(count: number): void;
	/** Called with each whose provider Terra would not tell. Without it that ends the list. */
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
 * all at once. Whatever else comes is no list of users, not even an empty one.
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
	// One page after the other, whatever the next one is called: a number, text or an address.
	const told = wholeNumber(next);
	const goesOn = told === undefined || told > page;
	if (!isLast && goesOn) return { ...found, next: page + 1 };
	if (isLast && page + 1 >= (pages ?? 0)) return found;
	throw new TerraError(
		"Terra's list of users ends before its last page",
		`It has ${pages ?? 'more'} pages, and ends after ${page + 1}. Try again in a few minutes.`,
	);
}

/**
 * @param isContinued whether its beginning has shown that it is a list of users
 * @returns undefined if not one of them has an ID: then it is none
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
 * The users of these providers, page by page, so that ten thousand of them need no more memory than one page.
 *
 * @param providers in Terra's spelling; none of them is any
 */
export async function* usersOf(
	client: Client,
	providers: string[],
	retry: Retry,
	leftOut: LeftOut = {},
): AsyncGenerator<User> {
	// A user who connects meanwhile moves others to the next page.
	const seen = new Set<string>();
	let nobody = 0;
	for (let page: number | undefined = 0; page !== undefined;) {
		const { users, unnamed, next }: Page = await usersOnPage(client, page, retry);
		nobody += unnamed;
		let news = 0;
		for (const user of eachOnce(users)) {
			if (seen.has(user.user_id)) continue;
			seen.add(user.user_id);
			news++;
			if (providers.length === 0) {
				yield user;
				continue;
			}
			const known = await completed(client, user, retry, leftOut);
			if (providers.includes(asText(known?.provider)?.toUpperCase() ?? '')) yield known!;
		}
		if (next !== undefined && news === 0) {
			throw new TerraError(
				"Terra's list of users does not end",
				`Its page ${page + 1} has nobody who was not on an earlier one. Try again in a few minutes.`,
			);
		}
		page = next;
	}
	if (nobody > 0) leftOut.unnamed?.(nobody);
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
	// Asked for by it, they have it, whether the answer repeats it or not.
	const named = found
		.filter(({ reference_id }) => isBlank(reference_id) || reference_id === referenceId)
		.map((user) => mergeUser({ user_id: user.user_id, reference_id: referenceId }, user));
	if (named.length < found.length) {
		throw new TerraError(
			'Terra answered about another person than was asked for',
			'Try again in a few minutes.',
		);
	}
	const users = eachOnce(named);
	if (users.length > 0) return users;
	throw new UserError(
		'Terra knows nobody with this reference ID',
		`Nobody is connected with the reference ID "${referenceId.slice(0, 60)}" in the environment of this credential. It must be written exactly as when connecting.`,
	);
}

/**
 * The users in an answer: a list, `{ users }` or `{ user }`, all of which Terra has been seen to send.
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

/** What is known of a user, completed by what an answer says: an answer may leave out the reference ID. */
export function mergeUser(known: User, told: JsonObject | undefined): User {
	const filled = Object.entries(told ?? {}).filter(
		([name, value]) => !isBlank(value) || isBlank(known[name]),
	);
	return { ...known, ...Object.fromEntries(filled) };
}

/** One that is listed as left, and again as connected, is connected. */
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

/** @returns undefined if Terra will not tell, and that has been told */
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

/** Completes users by asking Terra, each of them once. */
export type Describe = (user: User, retry?: Retry) => Promise<User>;

/**
 * What a key is made of must not depend on how an athlete was found: an answer may leave out the reference ID, and of
 * one that was picked by ID only the ID is known.
 */
export function createDirectory(client: Client): Describe {
	const known = new Map<string, Promise<User>>();
	return async (user, retry) => {
		if (user.reference_id !== undefined && !isBlank(user.provider)) return user;
		const { user_id: userId } = user;
		const told = known.get(userId) ?? lookUp(client, userId, retry);
		known.set(userId, told);
		return mergeUser(user, await told);
	};
}

async function lookUp(client: Client, userId: string, retry?: Retry): Promise<User> {
	const answer = await askAbout(client, userId, retry);
	if (answer.kind === 'data') return answer.value;
	throw answer.error;
}

/** Of one whom Terra does not know only the ID is known. */
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

/** Whose data: one connection, all of one person, or everyone at some providers (none of them is any). */
export type AthleteQuery = { userId: string } | { referenceId: string } | { providers: string[] };

/**
 * The connections that a query means. Of one that was picked by ID only the ID is known. Those that Terra lists as no
 * longer active are left out: it would refuse each of them.
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

/** A better reason than a refusal, where the athlete who was asked for by ID has left. */
export async function explainDeparted(
	client: Client,
	userId: string,
	error: TerraError,
): Promise<TerraError> {
	if (!['401', '404', '424'].includes(error.httpCode ?? '') || error.reason === 'credential') {
		return error;
	}
	const answer = await client.ask({
		path: '/userInfo',
		query: { user_id: userId },
		about: { kind: 'user' },
		read: expecting((body) => userIn(body, userId)),
	});
	const isGone = answer.kind === 'data' && !isActive(answer.value);
	return isGone ? noLongerConnected() : error;
}
