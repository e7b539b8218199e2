import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface Target {
	host: string;
	port: number;
}

/** A TCP proxy in front of one or more servers, used in turn; it can cut the connection to them. */
export interface Proxy {
	host: string;
	port: number;
	url: string;
	/** Works as if the servers had stopped: open connections end, new ones are refused. */
	cut(): Promise<void>;
	restore(): Promise<void>;
	close(): Promise<void>;
}

const host = '127.0.0.1';

/** A target that refuses the connection is skipped, since nothing has been sent to it yet. */
export async function startProxy(targets: Target[], port = 0): Promise<Proxy> {
	const sockets = new Set<Socket>();
	const keep = (socket: Socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
	};
	let next = 0;

	const forward = (client: Socket, triesLeft: number) => {
		if (triesLeft === 0) {
			client.destroy();
			return;
		}
		const server = connect(targets[next++ % targets.length]!);
		const refused = () => forward(client, triesLeft - 1);
		server.once('error', refused);
		server.once('connect', () => {
			server.off('error', refused);
			keep(server);
			server.once('close', () => client.destroy());
			client.once('close', () => server.destroy());
			client.pipe(server).pipe(client);
		});
	};

	let server: Server;
	const listen = async (at: number) => {
		server = createServer((client) => {
			keep(client);
			forward(client, targets.length);
		});
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(at, host, resolve);
		});
		return (server.address() as AddressInfo).port;
	};
	const cut = async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		for (const socket of sockets) socket.destroy();
		await closed;
	};

	const bound = await listen(port);
	return {
		host,
		port: bound,
		url: `http://${host}:${bound}`,
		cut,
		restore: async () => void (await listen(bound)),
		close: async () => {
			if (server.listening) await cut();
		},
	};
}
