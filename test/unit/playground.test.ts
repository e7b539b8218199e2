import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readArguments } from '../../playground/arguments';
import { needPort } from '../../playground/n8n';

describe('arguments of `npm start --`', () => {
	it.each([
		[[], { wants: 'start' }],
		[['--port', '5700'], { wants: 'start', port: 5700 }],
		[['--check'], { wants: 'check' }],
		[['--watch'], { wants: 'watch' }],
		[['-h'], { wants: 'help' }],
		[['--help', '--port', 'x'], { wants: 'help' }],
	])('%j', (typed, meant) => {
		expect(readArguments(typed)).toEqual(meant);
	});

	it.each([
		[['--prot', '1'], /'--prot'[^]*npm start -- --port/],
		[['--port', '0'], /from 1 to 65535/],
		[['--port', '65536'], /from 1 to 65535/],
		[['--port', 'n8n'], /not "n8n"/],
		[['more'], /'more'[^]*npm start -- --help/],
	])('%j is refused with an explanation', (typed, words) => {
		expect(() => readArguments(typed)).toThrow(words);
	});
});

it('a port in use is reported, with what to type instead', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const taken = needPort(port, 'npm start -- --port <number>');
	await expect(taken).rejects.toThrow(
		`Port ${port} is taken by another program. Choose another one: npm start -- --port <number>`,
	);
	await new Promise((resolve) => server.close(resolve));
	await needPort(port, '');
});
