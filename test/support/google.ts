import type { CloudAnswer, CloudRequest, CloudService } from './cloudHosts';

/** The parts of Google's API that are needed to store rows in one sheet and files on a drive, in memory. */
export function fakeGoogle() {
	/** The cells of the sheet; the first row has the column names. */
	const cells: unknown[][] = [];
	const files: Array<{ name: string; mimeType: string; content: Buffer }> = [];
	let failing = false;

	const services: Record<string, CloudService> = {
		'oauth2.googleapis.com': () => ({ body: { access_token: 'example', expires_in: 3600 } }),
		'sheets.googleapis.com': (request) =>
			failing ? { status: 403, body: { error: { message: 'no permission' } } } : sheet(request),
		'www.googleapis.com': drive,
	};

	function sheet({ method, url, body }: CloudRequest): CloudAnswer {
		const [, range] = /\/values\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
		if (range && method === 'GET') return { body: { values: read(range) } };
		const sent = (body.length > 0 ? JSON.parse(body.toString()) : {}) as {
			values?: unknown[][];
			data?: Array<{ range: string; values: unknown[][] }>;
		};
		if (range && method === 'PUT') write(range, sent.values!);
		for (const part of sent.data ?? []) write(part.range, part.values);
		return { body: { sheets: [{ properties: { sheetId: 7, title: 'Rides' } }] } };
	}

	function read(range: string): unknown[][] {
		const { from, to } = rowsOf(range);
		return cells.slice(from, to);
	}

	function write(range: string, values: unknown[][]): void {
		const { from, column } = rowsOf(range);
		values.forEach((row, index) => {
			const target = (cells[from + index] ??= []);
			row.forEach((value, offset) => {
				// Google leaves a cell unchanged for null.
				if (value !== null) target[column + offset] = value;
			});
		});
	}

	function drive({ method, url, body, headers }: CloudRequest): CloudAnswer {
		if (method === 'POST') {
			const { name } = JSON.parse(body.toString()) as { name: string };
			files.push({
				name,
				mimeType: String(headers['x-upload-content-type']),
				content: Buffer.alloc(0),
			});
			const location = `https://www.googleapis.com/upload/session/${files.length}`;
			return { headers: { location } };
		}
		const file = files[Number(url.pathname.split('/').at(-1)) - 1]!;
		if (method === 'PUT') file.content = Buffer.concat([file.content, body]);
		return { body: { id: String(files.indexOf(file) + 1), name: file.name } };
	}

	return {
		services,
		cells,
		files,
		fail: (now: boolean) => {
			failing = now;
		},
	};
}

/** `Rides!B2:C3`, `Rides!2:2` or `Rides!A:Z`, counted from 0. */
function rowsOf(range: string): { from: number; to: number; column: number } {
	const [, letter, first, last] = /!([A-Z]?)(\d*)(?::[A-Z]*(\d*))?$/.exec(range) ?? [];
	return {
		from: first ? Number(first) - 1 : 0,
		to: last ? Number(last) : Infinity,
		column: letter ? letter.charCodeAt(0) - 65 : 0,
	};
}
