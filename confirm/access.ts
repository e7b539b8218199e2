import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Access } from './terra';

const API = 'https://access.tryterra.co/api/v2';
const ADMIN_API = 'https://access.tryterra.co/api/v3/admin';

/** The environment variable of each value. In a terminal, missing ones are asked for. */
const VARIABLES = {
	devId: 'TERRA_DEV_ID',
	apiKey: 'TERRA_API_KEY',
	adminToken: 'TERRA_ADMIN_TOKEN',
	athlete: 'TERRA_ATHLETE',
	dataToken: 'TERRA_DATA_TOKEN',
	signingSecret: 'TERRA_SIGNING_SECRET',
	apiBase: 'TERRA_API_BASE',
	adminBase: 'TERRA_ADMIN_BASE',
} as const;

const PROMPTS = [
	{ name: 'devId', label: 'Developer ID', isSecret: false },
	{ name: 'apiKey', label: 'API key (not shown)', isSecret: true },
	{ name: 'adminToken', label: 'Admin API token, if you have one (not shown)', isSecret: true },
	{ name: 'athlete', label: 'User ID of an athlete who rides, if you have one', isSecret: false },
] as const;

/**
 * Reads the account's keys from the environment, and asks for missing ones in a terminal.
 *
 * @throws Error that names the missing keys
 */
export async function accessOf(env: NodeJS.ProcessEnv, isTerminal: boolean): Promise<Access> {
	const given = Object.fromEntries(
		Object.entries(VARIABLES).flatMap(([name, variable]) => {
			const value = env[variable]?.trim();
			return value ? [[name, value]] : [];
		}),
	) as Partial<Access>;
	const typed = isTerminal && !(given.devId && given.apiKey) ? await promptFor(given) : {};
	const { devId, apiKey, ...others } = { ...given, ...typed };
	if (!devId || !apiKey)
		throw new Error(
			'TERRA_DEV_ID and TERRA_API_KEY are missing. Set them, or run this in a terminal, where it asks for them. To try it without an account: npm run confirm -- --sandbox',
		);
	return { apiBase: API, adminBase: ADMIN_API, ...others, devId, apiKey };
}

/** Asks for the values that are not given, without echoing secrets. */
async function promptFor(given: Partial<Access>): Promise<Partial<Access>> {
	let isSilent = false;
	const output = new Writable({
		write(chunk: Buffer, _encoding, done) {
			if (!isSilent) process.stdout.write(chunk);
			done();
		},
	});
	const terminal = createInterface({ input: process.stdin, output, terminal: true });
	const typed: Partial<Access> = {};
	for (const { name, label, isSecret } of PROMPTS) {
		if (given[name]) continue;
		process.stdout.write(`${label}: `);
		isSilent = isSecret;
		const answer = (await terminal.question('')).trim();
		if (isSilent) process.stdout.write('\n');
		isSilent = false;
		if (answer) typed[name] = answer;
	}
	terminal.close();
	return typed;
}
