import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { confirm } from '../../confirm/confirm';
import { unconfirmedPoints } from '../../confirm/points';
import { findingsOf, listen } from '../../confirm/receive';
import { asMarkdown, rowsFor, withoutSecrets } from '../../confirm/report';
import type { Answer } from '../../confirm/run';
import { askAll, QUESTIONS } from '../../confirm/run';
import { filledFields, shapeOf } from '../../confirm/shape';
import type { Access } from '../../confirm/terra';
import { Terra } from '../../confirm/terra';
import type { AdminVersion, Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';

let sandbox: Sandbox;
let access: Access;

beforeEach(async () => {
	const start = Date.now();
	sandbox = await startSandbox({
		timeScale: 1000,
		now: () => start + (Date.now() - start) * 100,
		users: [{ reference_id: 'rider-1', rideSeconds: 300 }],
	});
	sandbox.setDestination('https://example.com/');
	const { devId, apiKey, apiBase, adminBase, adminToken, signingSecret } = sandbox;
	access = { devId, apiKey, apiBase, adminBase, adminToken, signingSecret };
	access.athlete = sandbox.users[0]!.user_id;
});

afterEach(async () => await sandbox.close());

const ask = async (changes: Partial<Access> = {}) =>
	await askAll(new Terra({ ...access, ...changes }), () => {});

async function hear(): Promise<Answer[]> {
	const listener = await listen(0, access.signingSecret);
	sandbox.setDestination(listener.url);
	const { delivery } = await sandbox.finishRide({ durationSeconds: 60 });
	await listener.heard(3);
	await sandbox.settled();
	await sandbox.resend(delivery!.traceId);
	await listener.close();
	return findingsOf(listener.attempts);
}

const seen = (answers: Answer[], point: string) =>
	answers.filter((answer) => answer.point === point).map((answer) => answer.seen);

describe('the unconfirmed points', () => {
	it('are those in the documentation, and each has a question or a check of deliveries', async () => {
		sandbox.settings.deliveryMode = 'ping';
		const points = unconfirmedPoints().map(({ name }) => name);
		const answers = [...(await ask({ dataToken: 'terra_dt_example' })), ...(await hear())];
		expect(points.length).toBeGreaterThan(10);
		expect([...new Set(answers.map(({ point }) => point))].sort()).toEqual([...points].sort());
	});

	it('are announced before they are asked, each once', async () => {
		const announced: string[] = [];
		await askAll(new Terra(access), (line) => announced.push(line));
		expect(new Set(announced).size).toBe(announced.length);
		expect(announced).toHaveLength(QUESTIONS.filter(({ needs }) => needs !== 'dataToken').length);
	});

	it('without a token or an athlete are marked as not asked, with what they need', async () => {
		const answers = await ask({ adminToken: undefined, athlete: undefined });
		const text = asMarkdown(rowsFor(unconfirmedPoints(), answers), '2026-11-29');
		expect(text).toMatch(/Second webhook \| not asked \| Needs an Admin API token/);
		expect(text).toMatch(/Long periods \| not asked \| Needs an athlete/);
		expect(text).toMatch(/Retries \| not asked \| Needs a delivery/);
	});
});

describe('asking Terra', () => {
	it.each<AdminVersion>(['2026.09', '2026.10', '2026.11'])(
		'changes nothing in %s: no webhook, no user, no records sent to a webhook',
		async (version) => {
			sandbox.settings.adminVersion = version;
			sandbox.settings.secondDestinationStatus = null;
			const destinations = async () =>
				(await new Terra(access).admin('~/unified-api/destinations')).body;
			const before = [await destinations(), structuredClone(sandbox.users)];
			const answers = await ask();
			expect([await destinations(), sandbox.users]).toEqual(before);
			const withRecords = sandbox.ledger.filter(({ bytes }) => bytes > 500);
			expect(withRecords).toEqual([]);
			expect(seen(answers, 'Second webhook')).toHaveLength(1);
		},
	);

	it.each([
		['array', 'by reference ID: a bare list'],
		['users', 'by reference ID: users in an object'],
		['user', 'by reference ID: user in an object'],
	] as const)('distinguishes the forms of the user lists: %s', async (form, expected) => {
		sandbox.settings.userInfoByReference = form;
		expect(seen(await ask(), 'Lists of users')).toContain(expected);
	});

	it('reports whether a second webhook is refused or allowed', async () => {
		expect(seen(await ask(), 'Second webhook')).toEqual(['1 webhooks; another: 409 conflict']);
		sandbox.settings.secondDestinationStatus = null;
		expect(seen(await ask(), 'Second webhook')).toEqual(['1 webhooks; another: 200']);
	});

	it('reports how long a period can be, and which widget answers', async () => {
		sandbox.settings.widgetSessionGone = true;
		const answers = await ask();
		expect(seen(answers, 'Long periods')).toEqual([
			'28 days: inline; 31 days: inline; 32 days: a receipt',
		]);
		expect(seen(answers, 'Widget sessions').join()).toMatch(
			/generateWidgetSession: 410; \/api\/widget\/session: 200/,
		);
	});

	it('ends with a table even with a wrong key or if Terra cannot be reached', async () => {
		const wrong = await ask({ apiKey: 'wrong' });
		expect(wrong.find(({ point }) => point === 'Lists of users')?.means).toMatch(/did not accept/);
		const silent = await ask({ apiBase: 'http://127.0.0.1:1', adminBase: 'http://127.0.0.1:1' });
		expect(seen(silent, 'Lists of users')[0]).toBe('GET /subscriptions: no answer');
	});
});

describe('listening to deliveries', () => {
	it.each([
		[false, 'kept; trace ID kept, bytes the same'],
		[true, 'renewed; trace ID kept, bytes the same'],
	])('reports whether the signature is renewed: %s', async (renewed, expected) => {
		sandbox.settings.renewSignatureTime = renewed;
		const answers = await hear();
		expect(seen(answers, 'Signature time')).toEqual([expected]);
		expect(seen(answers, 'Retries')[0]).toMatch(/after a 500: retried .* after a 400: retried/);
		expect(seen(answers, 'Resent deliveries')[0]).toMatch(/^trace ID kept/);
		expect(seen(answers, 'Names of events')[0]).toMatch(/the signature is valid/);
	});
});

describe('the report', () => {
	it('contains nothing about an account or a person', async () => {
		const ride = sandbox.activitiesOf(access.athlete!).at(-1)!;
		const answers = [...(await ask()), ...(await hear())];
		const text = withoutSecrets(
			asMarkdown(rowsFor(unconfirmedPoints(), answers), '2026-11-29'),
			access,
		);
		const { name, city, summary_id: summaryId } = ride.metadata as Record<string, unknown>;
		const secrets = Object.entries(access).flatMap(([key, value]) =>
			key.endsWith('Base') ? [] : [value as string],
		);
		for (const word of [...secrets, 'rider-1', name, city, summaryId]) {
			expect(typeof word).toBe('string');
			expect(text).not.toContain(word);
		}
		expect(text).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
		expect(text).toMatch(/power_data\.avg_watts/);
	});

	it('never contains a value from an answer', () => {
		const value = fc.oneof(
			fc.stringMatching(/^zq[a-z0-9 @.-]{4,20}$/),
			fc.integer({ min: 77_777 }),
		);
		const key = fc.oneof(
			fc.constantFrom('name', 'status', 'data'),
			fc.stringMatching(/^zq\d{3,9}$/),
		);
		const { answer } = fc.letrec((tie) => ({
			answer: fc.oneof(
				{ maxDepth: 4 },
				value,
				fc.array(tie('answer'), { maxLength: 3 }),
				fc.dictionary(key, tie('answer'), { maxKeys: 4 }),
			),
		}));
		fc.assert(
			fc.property(answer, (body) => {
				const text = shapeOf({ data: body }).replace(/status: [^,}]+/g, '');
				expect(`${text} ${filledFields(body).join(' ')}`).not.toMatch(/zq|\d{5}/);
			}),
		);
	});
});

describe('npm run confirm', () => {
	it('prints the table and writes the file when run with the sandbox', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'confirm-'));
		const out = join(folder, 'report.md');
		const print = jest.spyOn(console, 'log').mockImplementation(() => {});
		await confirm(['--sandbox', '--receive', '--out', out]);
		const text = print.mock.calls.flat().join('\n');
		print.mockRestore();
		expect(text).toMatch(/Terra answered +│ What that means/);
		expect(await readFile(out, 'utf8')).toMatch(/^# Seen with a Terra account on \d{4}-/);
		await rm(folder, { recursive: true });
	});

	it('says what is missing when run without an account', async () => {
		const root = join(__dirname, '..', '..');
		const command = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'confirm/main.ts')];
		const { code, text } = await new Promise<{ code: unknown; text: string }>((resolve) => {
			const child = execFile(
				process.execPath,
				command,
				{ env: { PATH: process.env.PATH } },
				(error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }),
			);
			child.stdin?.end();
		});
		expect(text).toMatch(/TERRA_DEV_ID and TERRA_API_KEY are missing/);
		expect(code).toBe(1);
	});
});
