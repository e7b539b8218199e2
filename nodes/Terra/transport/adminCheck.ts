import { adminOf, AdminError, type Admin, type Token } from './admin';
import type { Connection } from './exchange';
import { clock } from './clock';

/** What the trigger needs to register its webhook and to know its signing secret. */
const NEEDED_SCOPES = ['destinations:read', 'destinations:write', 'keys:read'];

/** "a, b and c" */
function inWords(names: string[]): string {
	return names.join(', ').replace(/, (?=[^,]*$)/, ' and ');
}

/** How to create a suitable token; a message continues with where to put it. */
export const CREATE_TOKEN = `Create a new one in Terra's dashboard under Settings → Personal Access Tokens, with the scopes ${inWords(NEEDED_SCOPES)}`;

const CREATE_ONE = `${CREATE_TOKEN}, and put it into this credential.`;

/** @returns what is wrong with a token, without a full stop; undefined if it is suitable */
export function tokenProblem({ scopes, devIds, expiresAt }: Token, devId: string) {
	const missing = NEEDED_SCOPES.filter((scope) => !scopes.includes(scope));
	if (missing.length > 0) {
		return `The token lacks the ${missing.length === 1 ? 'scope' : 'scopes'} ${inWords(missing)}`;
	}
	if (devIds && !devIds.includes(devId)) {
		return `The token is for other environments: ${devIds.join(', ')}`;
	}
	return expiresAt !== undefined && expiresAt < clock.now() ? 'The token has expired' : undefined;
}

/** @returns what is wrong with a Terra Admin API credential and what to do; undefined if nothing is */
export async function adminCredentialProblem(connection: Connection): Promise<string | undefined> {
	const { baseUrl } = await connection.credential();
	if (!URL.canParse(baseUrl)) {
		return 'The Admin Base URL is not a web address: it must look like https://access.tryterra.co/api/v3/admin';
	}
	try {
		const admin = await adminOf(connection);
		const token = await tokenOf(admin);
		const problem = token && tokenProblem(token, admin.devId);
		if (problem) return `${problem}. ${CREATE_ONE}`;
		await admin.listDestinations();
		return undefined;
	} catch (error) {
		if (error instanceof AdminError) return explain(error);
		return await Promise.reject(error as Error);
	}
}

/** @returns undefined on an older deployment, which does not say */
async function tokenOf(admin: Admin): Promise<Token | undefined> {
	try {
		return await admin.token();
	} catch (error) {
		if (error instanceof AdminError && error.isUnknownPath) return undefined;
		return await Promise.reject(error as Error);
	}
}

function explain({ status, said }: AdminError): string {
	const terraSays = said ? ` Terra says: ${said}` : '';
	if (status === 401) {
		return `Terra refused the token: it has expired or was mistyped. ${CREATE_ONE}${terraSays}`;
	}
	if (status === 403) return `The token may not manage webhooks. ${CREATE_ONE}${terraSays}`;
	if (status === 404) {
		return `Terra does not know this Developer ID, or the token belongs to another account.${terraSays}`;
	}
	return `Terra's Admin API cannot be reached: check the Admin Base URL, and try again in a minute.${terraSays}`;
}
