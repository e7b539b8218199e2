import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { sampleEvents } from '../../sandbox';
import { startTrigger, type Trigger } from '../support/terra';

/** Whatever arrives, no exception leaves webhook(), and nothing starts without a valid signature. */

let trigger: Trigger;
beforeEach(async () => {
	trigger = await startTrigger({
		events: ['*'],
		providers: { __rl: true, mode: 'name', value: '*' },
		columns: 'full',
		format: { sentence: true, slack: true },
	});
});
afterEach(async () => {
	await trigger.close();
	expect(trigger.thrown).toEqual([]);
});

/** Makes a slow machine send fewer requests, so that none is open when the test times out. */
const inTime = { interruptAfterTimeLimit: 20_000 };

async function post(body: Uint8Array, headers: Record<string, string> = {}) {
	const response = await fetch(trigger.url, { method: 'POST', body: body as BodyInit, headers });
	return { status: response.status, text: await response.text() };
}

const sign = (body: Uint8Array) => {
	const t = Math.floor(Date.now() / 1000);
	const digest = createHmac('sha256', trigger.sandbox.signingSecret)
		.update(`${t}.`)
		.update(body)
		.digest('hex');
	return `t=${t},v1=${digest}`;
};

const signed = async (body: Uint8Array) =>
	await post(body, { 'content-type': 'text/plain', 'x-terra-signature': sign(body) });

/** Header values that fetch accepts. */
const headerText = fc.string({
	unit: fc.integer({ min: 33, max: 126 }).map((c) => String.fromCharCode(c)),
});

it('an unsigned or wrongly signed request starts nothing', async () => {
	const before = trigger.executions.length;
	const signature = fc.oneof(
		headerText,
		fc
			.tuple(
				fc.nat(),
				fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
			)
			.map(([t, v1]) => `t=${t},v1=${v1}`),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ maxLength: 500 }),
			fc.constantFrom(
				'text/plain',
				'application/octet-stream',
				'application/x-www-form-urlencoded',
				'',
			),
			fc.option(signature, { nil: undefined }),
			async (body, contentType, value) => {
				const { status } = await post(body, {
					...(contentType && { 'content-type': contentType }),
					...(value !== undefined && { 'x-terra-signature': value }),
				});
				expect(status).toBe(401);
			},
		),
		{ numRuns: 300, ...inTime },
	);
	expect(trigger.executions).toHaveLength(before);
});

it('any signed bytes are answered with 200 or 400', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (body) => {
			expect([200, 400]).toContain((await signed(body)).status);
		}),
		{ numRuns: 200, ...inTime },
	);
});

it('any signed JSON is answered with 200 or 400, also with a known event type', async () => {
	const type = fc.constantFrom(
		'activity',
		'athlete',
		'daily',
		'auth',
		'user_reauth',
		'lab_report.completed',
		'new',
	);
	const event = fc
		.tuple(
			type,
			fc.dictionary(
				fc.constantFrom('user', 'data', 'athlete', 'new_user', 'old_user', 'status', '__proto__'),
				fc.jsonValue(),
			),
		)
		.map(([name, fields]) => ({ ...fields, type: name }));
	await fc.assert(
		fc.asyncProperty(fc.oneof(fc.jsonValue(), event), async (body) => {
			const { status } = await signed(new TextEncoder().encode(JSON.stringify(body)));
			expect([200, 400]).toContain(status);
		}),
		{ numRuns: 400, ...inTime },
	);
});

describe('an activity with a wrong type in one of its fields still arrives', () => {
	const { activity } = sampleEvents();
	const paths: string[][] = [];
	const walk = (value: unknown, path: string[]) => {
		if (path.length > 0) paths.push(path);
		if (typeof value === 'object' && value !== null) {
			for (const [key, child] of Object.entries(value)) walk(child, [...path, key]);
		}
	};
	walk((activity!.data as unknown[])[0], []);

	it.each([null, true, -0, 1e308, '', 'text', [], [[]], {}, { a: 1 }])('%j', async (wrong) => {
		expect(paths.length).toBeGreaterThan(50);
		const data = paths.map((path) => {
			const copy = structuredClone((activity!.data as any)[0]);
			const parent = path.slice(0, -1).reduce((value, key) => value[key], copy);
			parent[path.at(-1)!] = wrong;
			return copy;
		});
		const before = trigger.items().length;
		expect(await trigger.send({ ...activity, data })).toEqual({ status: 200, text: 'started' });
		// Some fields already had the value, and identical records in one delivery count once.
		const versions = new Set(data.map((record) => JSON.stringify(record)));
		expect(trigger.items().length - before).toBe(versions.size);
	});
});

describe('malicious JSON', () => {
	const cases: Array<[string, string, number]> = [
		[
			'keys named __proto__',
			'{"type":"activity","__proto__":{"polluted":1},"user":{"__proto__":{"polluted":1}},"data":[{"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1}}}]}',
			200,
		],
		[
			'an event named __proto__',
			'{"type":"__proto__","constructor":{"prototype":{"polluted":1}}}',
			200,
		],
		[
			'the same key twice',
			'{"type":"sleep","type":"auth","user":{"user_id":"a"},"user":{"user_id":"b"}}',
			200,
		],
		[
			'nesting of 5,000 levels',
			`{"type":"activity","data":[${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}]}`,
			200,
		],
		[
			'a list of 100,000 empty lists',
			`{"type":"activity","data":[${'[],'.repeat(99_999)}[]]}`,
			400,
		],
		['a byte order mark', '\uFEFF{"type":"auth"}', 200],
		['a lone surrogate', '{"type":"auth","message":"\\ud800"}', 200],
		[
			'a number beyond all bounds',
			'{"type":"activity","data":[{"power_data":{"avg_watts":1e999}}]}',
			200,
		],
	];
	it.each(cases)('%s', async (_case, body, status) => {
		expect((await signed(new TextEncoder().encode(body))).status).toBe(status);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});

	it.each([
		['a million numbers', `${'7,'.repeat(999_999)}7`, 400, /neither a record nor a list/],
		['30,000 empty records', `${'{},'.repeat(29_999)}{}`, 200, /^started$/],
	])(
		'%s',
		async (_case, data, status, text) => {
			const body = `{"type":"activity","user":{"user_id":"a","provider":"XERT"},"data":[${data}]}`;
			expect(await signed(new TextEncoder().encode(body))).toEqual({
				status,
				text: expect.stringMatching(text),
			});
			// A busy machine needs long for these.
		},
		120_000,
	);
});
