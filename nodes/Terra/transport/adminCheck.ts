import { adminOf, AdminError, type Token } from './admin';
import type { Connection } from './exchange';
import { clock } from './clock';

/** What the trigger needs to register its webhook and to know its signing secret. */
export const NEEDED_SCOPES = ['destinations:read', 'destinations:write', 'keys:read'];

/** "a, b and c" */
export function inWords(names: string[]): string {
	return names.join(', ').replace(/, (?=[^,]*$)/, ' and ');
}

/** What a token lacks, as a person is told. */
export function lacks(scopes: string[]): string {
	return `The token lacks the ${scopes.length === 1 ? 'scope' : 'scopes'} ${inWords(scopes)}`;
}

const CREATE_ONE = `Create a new one in Terra's dashboard under Settings → Personal Access Tokens, with the scopes ${inWords(NEEDED_SCOPES)}, and put it into this credential.`;

/** @returns what is wrong with a Terra Admin API credential and what to do; undefined if nothing is */
export async function adminCredentialProblem(connection: Connection): Promise<string | undefined> {
	const { baseUrl } = await connection.credential();
	if (!URL.canParse(baseUrl)) {
		return 'The Admin Base URL is not a web address: it must look like https://access.tryterra.co/api/v3/admin';
	}
	try {
		const admin = await adminOf(connection);
		const problem = await tokenProblem(admin.token(), admin.devId);
		if (problem) return problem;
		await admin.listDestinations();
		return undefined;
	} catch (error) {
		if (error instanceof AdminError) return explain(error);
		return await Promise.reject(error as Error);
	}
}

async function tokenProblem(asked: Promise<Token>, devId: string): Promise<string | undefined> {
	let token: Token;
	try {
		token = await asked;
	} catch (error) {
		// An older deployment does not tell.
		if (error instanceof AdminError && error.isUnknownPath) return undefined;
		return await Promise.reject(error as Error);
	}
	const missing = NEEDED_SCOPES.filter((scope) => !token.scopes.includes(scope));
	if (missing.length > 0) return `${lacks(missing)}. ${CREATE_ONE}`;
	if (token.devIds && !token.devIds.includes(devId)) {
		return `The token is for other environments: ${token.devIds.join(', ')}. ${CREATE_ONE}`;
	}
	if (token.expiresAt !== undefined && token.expiresAt < clock.now()) {
		return `The token has expired. ${CREATE_ONE}`;
	}
	return undefined;
}

function explain({ status, said }: AdminError): string {
	const terraSays = said ? ` Terra says: ${said}` : '';
	if (status === 401) {
		return `Terra refused the token: it has expired or was mistyped. ${CREATE_ONE}${terraSays}`;
	}
	if (status === 403) return `The token may not manage webhooks. ${CREATE_ONE}${terraSays}`;
	if (status === 404) {
		return `Terra does not know this Developer ID, or the token is of another account.${terraSays}`;
	}
	return `Terra's Admin API cannot be reached: check the Admin Base URL, and try again in a minute.${terraSays}`;
}
