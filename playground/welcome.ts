import { defaultPorts } from './arguments';
import { owner } from './n8n';
import type { Playground } from './playground';

/** The text printed once everything runs: the addresses, in the order of use. */
export async function welcome(playground: Playground): Promise<string> {
	const { sandbox, n8n, client, table, newRides, history } = playground;
	const rides = (await client.rows(table.id)).length;
	const steps = [
		['Sign in to n8n', n8n.url, `${owner.email} / ${owner.password}`],
		[`Open the table "${table.name}"`, await client.tableUrl(table.id), `It has ${rides} rides.`],
		[
			'Press "Finish a ride"',
			sandbox.url,
			'The page of the stand-in for Terra. It needs no account.',
		],
		[
			'Reload the table',
			`${n8n.url}/workflow/${newRides.id}`,
			'The ride is in the last row. This workflow wrote it.',
		],
		[
			'Get 90 days of rides',
			`${n8n.url}/workflow/${history.id}`,
			'Execute this workflow. Rides that are already in the table are not duplicated.',
		],
	];
	return `
Ready.${portNotes(sandbox.url, n8n.url)}

${steps.map(([what, where, note], index) => `  ${index + 1}. ${what!.padEnd(24)} ${where}\n${' '.repeat(30)}${note}`).join('\n')}

  For your own workflows, n8n has the credential "Terra Sandbox". To enter it yourself:

     Developer ID    ${sandbox.devId}
     API Key         ${sandbox.apiKey}
     Signing Secret  ${sandbox.signingSecret}
     Base URL        ${sandbox.apiBase}

Ctrl-C stops everything. The next start takes seconds and keeps your data.
`;
}

function portNotes(sandboxUrl: string, n8nUrl: string): string {
	const notes = [
		{ what: 'The stand-in for Terra', url: sandboxUrl, defaultPort: defaultPorts.sandbox },
		{ what: 'n8n', url: n8nUrl, defaultPort: defaultPorts.n8n },
	]
		.map((server) => ({ ...server, port: Number(new URL(server.url).port) }))
		.filter(({ port, defaultPort }) => port !== defaultPort)
		.map(
			({ what, port, defaultPort }) =>
				`\n  ${what} is on port ${port}, not on the default port ${defaultPort}.`,
		);
	return notes.length === 0 ? '' : `\n${notes.join('')}`;
}
