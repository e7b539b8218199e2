import { parseArgs } from 'node:util';

export const defaultPorts = { sandbox: 4610, n8n: 5678 };

export const help = `
npm start                  a local n8n with the Terra nodes, and a stand-in for Terra

npm start -- --port 5700   n8n on this port; default: ${defaultPorts.n8n}, or the next free one
npm start -- --check       tests the playground once, prints the result, and exits
npm start -- --help        this text
npm run dev                like npm start, and restarts n8n whenever the nodes change
`;

export interface Arguments {
	wants: 'check' | 'help' | 'start' | 'watch';
	/** The port that n8n must use; undefined: the default, or the next free one. */
	port?: number;
}

/** @throws Error that explains the correct usage */
export function readArguments(args: string[]): Arguments {
	const { check, port, watch, ...values } = parse(args);
	if (values.help) return { wants: 'help' };
	if (port !== undefined && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
		throw new Error(`--port takes a number from 1 to 65535, not "${port}".`);
	}
	const wants = check ? 'check' : watch ? 'watch' : 'start';
	return { wants, ...(port !== undefined && { port: Number(port) }) };
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				check: { type: 'boolean', default: false },
				help: { type: 'boolean', short: 'h', default: false },
				port: { type: 'string' },
				watch: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		throw new Error(`${(error as Error).message.split('. ')[0]}.\n${help}`);
	}
}
