import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Access } from './terra';

const API = 'https://access.tryterra.co/api/v2';
const ADMIN_API = 'https://access.tryterra.co/api/v3/admin';

/** Each can be given by this variable; what is missing is asked for in a terminal. */
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

const ASKED = [
	{ name: 'devId', label: 'Developer ID', isSecret: false },
	{ name: 'apiKey', label: 'API key (not shown)', isSecret: true },
	{ name: 'adminToken', label: 'Admin API token, if you have one (not shown)', isSecret: true },
	{ name: 'athlete', label: 'User ID of an athlete who rides, if there is one', isSecret: false },
] as const;

/**
 * Who asks.
 *
 * @throws Error that says what is missing
 */
export async function accessOf(env: NodeJS.ProcessEnv, isTerminal: boolean): Promise<Access> {
	const given = Object.fromEntries(
		Object.entries(VARIABLES).flatMap(([name, variable]) => {
			const value = env[variable]?.trim();
			return value ? [[name, value]] : [];
		}),
	) as Partial<Access>;
	const typed = isTerminal && !(given.devId && given.apiKey) ? await asked(given) : {};
	const { devId, apiKey, ...others } = { ...given, ...typed };
	if (!devId || !apiKey)
		throw new Error(
			'TERRA_DEV_ID and TERRA_API_KEY are missing. Set them, or run this in a terminal, where it asks for them. To try it without an account: npm run confirm -- --sandbox',
		);
	return { apiBase: API, adminBase: ADMIN_API, ...others, devId, apiKey };
}

async function asked(given: Partial<Access>): Promise<Partial<Access>> {
	let isSilent = false;
	const output = new Writable({
		write(chunk: Buffer, _encoding, done) {
			if (!isSilent) process.stdout.write(chunk);
			done();
		},
	});
	const terminal = createInterface({ input: process.stdin, output, terminal: true });
	const typed: Partial<Access> = {};
	for (const { name, label, isSecret } of ASKED) {
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
