import { Answer, Batches, inboxOf, type Start } from '../../../nodes/Terra/inbox';
import { manualClock } from '../../support/manualClock';

let clock: ReturnType<typeof manualClock>;
let batches: Batches;
let nodeId: string;
let nodes = 0;
beforeEach(() => {
	clock = manualClock();
	batches = new Batches();
	nodeId = `batches ${nodes++}`;
});
afterEach(() => clock.restore());

const megabyte = 1024 * 1024;

/** Sends a delivery of one ride, up to the point where n8n has it or it is answered. */
async function arrive(id: string, change: Partial<Start> = {}) {
	const arrived = clock.now();
	const admission = await inboxOf(nodeId, {}).admit({
		ids: [id],
		recordKeys: [`ride ${id}`],
		emitted: undefined,
	});
	if (admission instanceof Answer) return admission;
	return await batches.start({
		items: [{ json: { id } }],
		admission,
		kind: 'activity',
		bytes: 4_000,
		arrived,
		isAlone: false,
		...change,
	});
}

type Outcome = Awaited<ReturnType<typeof arrive>>;

/** Sends several deliveries at the same moment; the result fills up as they finish. */
async function arriveTogether(
	ids: string[],
	change: Partial<Start> = {},
	outcomes: Record<string, Outcome> = {},
) {
	for (const id of ids) void arrive(id, change).then((outcome) => (outcomes[id] = outcome));
	await clock.turn();
	return outcomes;
}

function batchOf(outcome: Outcome | undefined) {
	if (!outcome || outcome instanceof Answer)
		throw new Error(`no batch: ${JSON.stringify(outcome)}`);
	return outcome;
}
const idsOf = (outcome: Outcome | undefined) => batchOf(outcome).items.map(({ json }) => json.id);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

it('a delivery starts at once, alone, while n8n is idle', async () => {
	for (const id of ['a', 'b']) {
		const outcomes = await arriveTogether([id]);
		expect(idsOf(outcomes[id])).toEqual([id]);
		batchOf(outcomes[id]).store();
	}
});

it('deliveries that arrive while n8n stores one start together afterwards', async () => {
	const outcomes = await arriveTogether(['a', 'b', 'c', 'd']);
	expect(Object.keys(outcomes)).toEqual(['a']);
	batchOf(outcomes.a).store();
	await clock.turn();
	expect(Object.keys(outcomes)).toEqual(['a', 'b']);
	expect(idsOf(outcomes.b)).toEqual(['b', 'c', 'd']);
});

describe('the other deliveries of a shared execution', () => {
	const startLedByB = async () => {
		const outcomes = await arriveTogether(['a', 'b', 'c']);
		batchOf(outcomes.a).store();
		await clock.turn();
		return outcomes;
	};

	it('are answered 200 once n8n has stored it, and not before', async () => {
		const outcomes = await startLedByB();
		await clock.passes(2_000);
		expect(outcomes.c).toBeUndefined();
		batchOf(outcomes.b).store();
		await clock.turn();
		expect(outcomes.c).toMatchObject({ status: 200, text: 'started' });
		expect(await arrive('b')).toMatchObject({ text: 'repeated' });
		expect(await arrive('c')).toMatchObject({ text: 'repeated' });
	});

	it('are answered 200 even if n8n answers without reading the text', async () => {
		const outcomes = await startLedByB();
		batchOf(outcomes.b).answered(true);
		await clock.turn();
		expect(outcomes.c).toMatchObject({ status: 200 });
	});

	it('are answered 503 when n8n refuses it, and accepted when they come again', async () => {
		const outcomes = await startLedByB();
		batchOf(outcomes.b).answered(false);
		await clock.turn();
		expect(outcomes.c).toMatchObject({ status: 503, text: expect.stringMatching(/^not kept/) });
		expect(idsOf(await arrive('c'))).toEqual(['c']);
		expect(idsOf(await arrive('b'))).toEqual(['b']);
	});

	it('stay accepted whatever n8n answers the first one after storing it', async () => {
		const outcomes = await startLedByB();
		batchOf(outcomes.b).store();
		batchOf(outcomes.b).answered(false);
		await clock.turn();
		expect(outcomes.c).toMatchObject({ status: 200 });
		expect(await arrive('b')).toMatchObject({ text: 'repeated' });
		expect(await arrive('c')).toMatchObject({ text: 'repeated' });
	});

	it('wait at most 7 seconds, and stay claimed once n8n has the execution', async () => {
		const outcomes = await startLedByB();
		await clock.passes(7_000);
		expect(outcomes.c).toMatchObject({
			status: 503,
			text: expect.stringMatching(/still storing it/),
		});

		const again = await arriveTogether(['c']);
		await clock.passes(1_000);
		expect(again.c).toBeUndefined();
		batchOf(outcomes.b).store();
		await clock.turn();
		expect(again.c).toMatchObject({ text: 'repeated' });
	});

	it('are accepted again after an hour if n8n never answers', async () => {
		await startLedByB();
		await clock.passes(59 * 60_000);
		const early = await arriveTogether(['c']);
		await clock.passes(10_000);
		expect(early.c).toMatchObject({ status: 503 });
		await clock.passes(60_000);
		expect(idsOf((await arriveTogether(['c'])).c)).toEqual(['c']);
	});
});

describe('a first delivery that n8n never answers', () => {
	it('makes the others wait for 3 seconds', async () => {
		const outcomes = await arriveTogether(['a', 'b', 'c']);
		await clock.passes(2_999);
		expect(outcomes.b).toBeUndefined();
		await clock.passes(1);
		expect(idsOf(outcomes.b)).toEqual(['b', 'c']);
	});

	it('makes those of another kind wait 3 seconds more, not for ever', async () => {
		const outcomes = await arriveTogether(['a', 'b']);
		await arriveTogether(['auth'], { kind: 'auth' }, outcomes);
		await clock.passes(5_999);
		expect(idsOf(outcomes.b)).toEqual(['b']);
		expect(outcomes.auth).toBeUndefined();
		await clock.passes(1);
		expect(idsOf(outcomes.auth)).toEqual(['auth']);
	});

	it('does no harm to the others when n8n stores it late', async () => {
		const outcomes = await arriveTogether(['a', 'b', 'c']);
		await clock.passes(3_000);
		batchOf(outcomes.a).store();
		batchOf(outcomes.b).store();
		await clock.turn();
		expect(outcomes.c).toMatchObject({ status: 200 });
		expect(await arrive('a')).toMatchObject({ text: 'repeated' });
	});
});

it('a delivery that cannot start within 7 seconds is answered 503, and accepted when it comes again', async () => {
	const outcomes = await arriveTogether(['a']);
	const other = await arriveTogether(['b']);
	await clock.passes(3_000);
	await arriveTogether(['late'], { arrived: clock.now() - 6_000 }).then(async (late) => {
		await clock.passes(1_000);
		expect(late.late).toMatchObject({
			status: 503,
			text: expect.stringMatching(/earlier deliveries/),
		});
	});
	batchOf(outcomes.a).store();
	batchOf(other.b).store();
	expect(idsOf(await arrive('late'))).toEqual(['late']);
});

describe('one execution contains', () => {
	it('at most 50 deliveries', async () => {
		const outcomes = await arriveTogether(numbered(120));
		const sizes: number[] = [];
		for (let led = outcomes['0']; led;) {
			sizes.push(batchOf(led).starts.length);
			const before = new Set(Object.keys(outcomes));
			batchOf(led).store();
			await clock.turn();
			const next = Object.entries(outcomes).find(
				([id, outcome]) => !before.has(id) && !(outcome instanceof Answer),
			);
			led = next?.[1] as Outcome;
		}
		expect(sizes).toEqual([1, 50, 50, 19]);
		expect(Object.keys(outcomes)).toHaveLength(120);
	});

	it('at most 4 MB; a larger delivery starts at once, alone', async () => {
		const outcomes = await arriveTogether(['a', 'b', 'c', 'd', 'e'], { bytes: 1.5 * megabyte });
		const large = await arriveTogether(['large'], { bytes: 4 * megabyte + 1 });
		expect(idsOf(large.large)).toEqual(['large']);
		batchOf(outcomes.a).store();
		await clock.turn();
		expect(idsOf(outcomes.b)).toEqual(['b', 'c']);
	});

	it('only one type of event', async () => {
		const outcomes = await arriveTogether(['a', 'b']);
		await arriveTogether(['auth'], { kind: 'auth' }, outcomes);
		await arriveTogether(['c'], {}, outcomes);
		batchOf(outcomes.a).store();
		await clock.turn();
		expect(idsOf(outcomes.b)).toEqual(['b', 'c']);
		batchOf(outcomes.b).store();
		await clock.turn();
		expect(idsOf(outcomes.auth)).toEqual(['auth']);
	});

	it('one delivery if the workflow wants them separate, and none waits for it', async () => {
		const outcomes = await arriveTogether(['a', 'b', 'c'], { isAlone: true });
		expect(['a', 'b', 'c'].map((id) => idsOf(outcomes[id]))).toEqual([['a'], ['b'], ['c']]);
		expect(idsOf((await arriveTogether(['d'])).d)).toEqual(['d']);
	});
});

describe('after n8n has refused a shared execution', () => {
	/** Lets n8n store the first, and refuse the others together. */
	const refuse = async (...ids: string[]) => {
		const outcomes = await arriveTogether(['first', ...ids]);
		batchOf(outcomes.first).store();
		await clock.turn();
		const waiting = await arriveTogether(['waiting 1', 'waiting 2']);
		batchOf(outcomes[ids[0]!]).answered(false);
		await clock.turn();
		return waiting;
	};

	it('each delivery starts alone for a minute, including those that were waiting', async () => {
		const waiting = await refuse('poisoned', 'b');
		expect(idsOf(waiting['waiting 1'])).toEqual(['waiting 1']);
		expect(idsOf(waiting['waiting 2'])).toEqual(['waiting 2']);
		const outcomes = await arriveTogether(['c', 'd']);
		expect([idsOf(outcomes.c), idsOf(outcomes.d)]).toEqual([['c'], ['d']]);

		await clock.passes(60_000);
		const later = await arriveTogether(['e', 'f', 'g']);
		batchOf(later.e).store();
		await clock.turn();
		expect(idsOf(later.f)).toEqual(['f', 'g']);
	});

	it('each of its deliveries starts alone when Terra repeats it, however late', async () => {
		await refuse('poisoned', 'b', 'c');
		await clock.passes(5 * 60_000);
		const outcomes = await arriveTogether(['poisoned', 'b', 'c']);
		expect(['poisoned', 'b', 'c'].map((id) => idsOf(outcomes[id]))).toEqual([
			['poisoned'],
			['b'],
			['c'],
		]);
	});

	it('a delivery that was refused alone changes nothing for the others', async () => {
		batchOf((await arriveTogether(['a'])).a).answered(false);
		const outcomes = await arriveTogether(['b', 'c', 'd']);
		batchOf(outcomes.b).store();
		await clock.turn();
		expect(idsOf(outcomes.c)).toEqual(['c', 'd']);
	});
});
