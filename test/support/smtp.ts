import { createServer, type AddressInfo } from 'node:net';

export interface Mail {
	to: string;
	subject: string;
	text: string;
	/** The names of its files. */
	attachments: string[];
}

/** Accepts and keeps mails from anybody. */
export async function startSmtp() {
	const mails: Mail[] = [];
	const server = createServer((socket) => {
		let received = '';
		let inMail = false;
		socket.write('220 ready\r\n');
		socket.on('data', (chunk) => {
			received += chunk.toString();
			for (;;) {
				const end = inMail ? received.indexOf('\r\n.\r\n') : received.indexOf('\r\n');
				if (end < 0) return;
				const part = received.slice(0, end);
				received = received.slice(end + (inMail ? 5 : 2));
				if (inMail) mails.push(readMail(part));
				inMail = !inMail && part.toUpperCase() === 'DATA';
				socket.write(inMail ? '354 go on\r\n' : '250 fine\r\n');
			}
		});
		socket.on('error', () => socket.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		mails,
		close: async () => await new Promise((resolve) => server.close(resolve)),
	};
}

function readMail(raw: string): Mail {
	const [head = '', ...body] = raw.split('\r\n\r\n');
	const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(head)?.[1] ?? '';
	const text = body.join('\n\n').replaceAll('=\r\n', '').replaceAll('\r\n', '\n');
	const isEncoded = header('Content-Transfer-Encoding') === 'quoted-printable';
	return {
		to: header('To'),
		subject: header('Subject'),
		text: isEncoded ? decodeQuoted(text) : text,
		attachments: [...raw.matchAll(/filename="?([^";\r\n]+)/g)].map(([, name]) => name!),
	};
}

function decodeQuoted(text: string): string {
	const bytes = text.replace(/=([\dA-F]{2})/g, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	return Buffer.from(bytes, 'latin1').toString('utf8');
}
