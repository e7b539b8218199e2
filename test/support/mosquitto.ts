import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, host, waitFor } from '../../playground/n8n';
import { run } from '../../playground/n8n/command';

// Debian installs the server outside the PATH of ordinary users.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];

const program = (name: string) =>
	folders.map((folder) => join(folder, name)).find((path) => existsSync(path));

/** Why there can be no MQTT server on this machine, as a sentence; undefined if there can. */
export function missingMosquitto(): string | undefined {
	if (program('mosquitto') && program('mosquitto_sub')) return undefined;
	return 'There is no Mosquitto (Debian: apt-get install mosquitto mosquitto-clients).';
}

/** Starts an empty MQTT server that anybody on this machine can use. */
export async function startMosquitto() {
	const port = await freePort();
	const server = spawn(program('mosquitto')!, ['-p', String(port)], { stdio: 'ignore' });
	const ask = (topic: string, ...options: string[]) => [
		...['-h', host, '-p', String(port), '-t', topic, '-W', '2'],
		...options,
	];
	await waitFor('answer from Mosquitto', async () => {
		const { status } = spawnSync(program('mosquitto_sub')!, ask('$SYS/broker/version', '-C', '1'));
		return status === 0 || undefined;
	});
	return {
		port,
		/** The message that the server retains on a topic. */
		retained: async (topic: string) => {
			const options = ask(topic, '-C', '1', '--retained-only');
			return JSON.parse(await run(program('mosquitto_sub')!, options)) as unknown;
		},
		close: async () => {
			const ended = new Promise((resolve) => server.once('close', resolve));
			server.kill();
			await ended;
		},
	};
}
