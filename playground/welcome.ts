import { usualPorts } from './arguments';
import { owner } from './n8n';
import type { Playground } from './playground';

/** What a person reads once everything runs: where to look, in the order of use. */
export async function welcome(playground: Playground): Promise<string> {
	const { sandbox, n8n, client, table, newRides, history } = playground;
	const rides = (await client.rows(table.id)).length;
	const steps = [
		['Sign in to n8n', n8n.url, `${owner.email} / ${owner.password}`],
		[`Open the table "${table.name}"`, await client.tableUrl(table.id), `It has ${rides} rides.`],
		['Press "Finish a ride"', sandbox.url, "Terra's page: a stand-in, no account needed."],
		[
			'Reload the table',
			`${n8n.url}/workflow/${newRides.id}`,
			'The ride is the last row. This workflow wrote it.',
		],
		[
			'Get 90 days of rides',
			`${n8n.url}/workflow/${history.id}`,
			'Execute this workflow. Rides that are already there are not duplicated.',
		],
	];
	return `
Ready.${portNotes(sandbox.url, n8n.url)}

${steps.map(([what, where, note], index) => `  ${index + 1}. ${what!.padEnd(24)} ${where}\n${' '.repeat(30)}${note}`).join('\n')}

  For your own workflows n8n has the credential "Terra Sandbox". To enter it yourself:

     Developer ID    ${sandbox.devId}
     API Key         ${sandbox.apiKey}
     Signing Secret  ${sandbox.signingSecret}
     Base URL        ${sandbox.apiBase}

Ctrl-C stops everything. The next start takes seconds and keeps your data.
`;
}

function portNotes(sandboxUrl: string, n8nUrl: string): string {
	const notes = [
		{ what: "Terra's stand-in", url: sandboxUrl, usual: usualPorts.sandbox },
		{ what: 'n8n', url: n8nUrl, usual: usualPorts.n8n },
	]
		.map((place) => ({ ...place, port: Number(new URL(place.url).port) }))
		.filter(({ port, usual }) => port !== usual)
		.map(({ what, port, usual }) => `\n  ${what} is on port ${port} this time, not on ${usual}.`);
	return notes.length === 0 ? '' : `\n${notes.join('')}`;
}
