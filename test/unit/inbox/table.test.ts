import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { withOrigin, withoutRepeated } from '../../../nodes/Terra/inbox';
import { Table } from '../../../nodes/Terra/inbox/table';
import { clock } from '../../../nodes/Terra/transport';

const DAY = 86_400_000;
const real = { ...clock };
/** Those that sleep; `passes` wakes them. */
let sleepers: Array<() => void>;
let now: number;
beforeEach(() => {
	sleepers = [];
	now = 1_795_000_000_000;
	clock.now = () => now;
	clock.sleep = async () => await new Promise((resolve) => sleepers.push(resolve));
});
afterEach(() => Object.assign(clock, real));

const turn = async () => await new Promise(setImmediate);
async function passes(ms: number) {
	for (let second = 0; second < ms; second += 1000) {
		now += 1000;
		for (const wake of sleepers.splice(0)) wake();
		await turn();
		await turn();
	}
}

/** n8n's table as it works: read, change and write back, without a lock. */
function unlocked() {
	let row: string[] = [];
	let writes = 0;
	const store = {
		row: () => row,
		writes: () => writes,
		/** A write by another process that read the row before ours. */
		overwrite: (with_: string[]) => (row = with_),
		async record(keys: string[]) {
			const read = [...row];
			await turn();
			const known = keys.filter((key) => read.includes(key));
			row = [...read, ...keys.filter((key) => !read.includes(key))];
			writes++;
			return known;
		},
	};
	return store;
}

const ask = async (table: Table, keys: string[], record: ReturnType<typeof unlocked>['record']) => {
	const known = await table.record(keys, record, true, AbortSignal.timeout(5_000));
	return [...known!];
};

describe('the table of one node', () => {
	it('knows what was recorded, including by another process', async () => {
		const { record } = unlocked();
		expect(await ask(new Table(), ['a'], record)).toEqual([]);
		expect(await ask(new Table(), ['a', 'b'], record)).toEqual(['a']);
	});

	it('sends simultaneous questions as one, and tells the second about the first', async () => {
		const store = unlocked();
		const table = new Table();
		const answers = await Promise.all(
			['a', 'b', 'b', 'c', 'a'].map(async (key) => await ask(table, [key], store.record)),
		);
		expect(answers).toEqual([[], [], ['b'], [], ['a']]);
		expect(store.writes()).toBe(2);
		expect([...store.row()].sort()).toEqual(['a', 'b', 'c']);
	});

	it('records again what another process has overwritten, until it stays there', async () => {
		const store = unlocked();
		const table = new Table();
		await ask(table, ['a'], store.record);
		store.overwrite(['of another process']);
		await passes(1000);
		expect(store.row()).toContain('a');
		store.overwrite(['of another process']);
		await passes(8000);
		expect(store.row()).toContain('a');
		const writes = store.writes();
		await passes(60_000);
		expect(store.writes()).toBe(writes);
		expect(sleepers).toEqual([]);
	});

	it('gives up on a key that keeps getting lost', async () => {
		const store = unlocked();
		const table = new Table();
		await ask(table, ['a'], store.record);
		for (let second = 0; second < 40; second++) {
			store.overwrite([]);
			await passes(1000);
		}
		expect(sleepers).toEqual([]);
	});

	it('does not check again when no other process writes', async () => {
		const { record } = unlocked();
		await new Table().record(['a'], record, false, AbortSignal.timeout(5_000));
		expect(sleepers).toEqual([]);
	});

	it('works again after a database that never answered', async () => {
		const { record } = unlocked();
		const table = new Table();
		clock.deadline = () => AbortSignal.timeout(20);
		const never = async () => await new Promise<string[]>(() => {});
		const hanging = table.record(['a'], never, true, AbortSignal.timeout(5_000));
		await expect(hanging).rejects.toThrow("n8n's database does not answer");
		expect(await ask(table, ['b'], record)).toEqual([]);
		expect(await ask(table, ['b'], record)).toEqual(['b']);
	});

	it('retries once when n8n refuses, then fails', async () => {
		let failures = 1;
		const record = async (): Promise<string[]> =>
			failures-- > 0 ? await Promise.reject(new Error('conflict')) : [];
		const table = new Table();
		expect(await ask(table, ['a'], record)).toEqual([]);
		failures = 2;
		await expect(ask(table, ['b'], record)).rejects.toThrow('conflict');
		expect(await ask(table, ['c'], record)).toEqual([]);
	});
});

describe('the items of an execution', () => {
	let nodes = 0;
	let nodeId: string;
	let store: ReturnType<typeof unlocked>;
	beforeEach(() => {
		nodeId = `node ${nodes++}`;
		store = unlocked();
	});

	const item = (id: string, change: object = {}, json: object = {}) =>
		withOrigin(
			{ json: { activity_key: id, status: 'new', ...json } },
			{
				ids: [id, `signature of ${id}`],
				recordKey: `ride ${id}`,
				isNew: true,
				emitsUpdates: true,
				mark: null,
				began: null,
				...change,
			},
		);

	/** The items that continue into the workflow. */
	async function run(
		items: INodeExecutionData[],
		{
			executionId = `${Math.random()}`,
			mode = 'webhook',
			record = store.record,
		}: { executionId?: string; mode?: string; record?: (keys: string[]) => Promise<string[]> } = {},
	) {
		const warnings: string[] = [];
		const context = {
			getInputData: () => items,
			getMode: () => mode,
			getExecutionId: () => executionId,
			getWorkflow: () => ({ id: 'workflow' }),
			getNode: () => ({ id: nodeId }),
			logger: { warn: (text: string) => warnings.push(text) },
			helpers: {
				checkProcessedAndRecord: async (keys: string[]) => ({ processed: await record(keys) }),
			},
		} as unknown as IExecuteFunctions;
		return { items: await withoutRepeated(context), warnings };
	}

	it('carry no trace of where they come from', async () => {
		for (const mode of ['webhook', 'manual']) {
			const { items } = await run([item('a')], { mode });
			expect(items).toEqual([{ json: { activity_key: 'a', status: 'new' } }]);
		}
	});

	it('continue once: a copy is dropped by any of its IDs', async () => {
		await run([item('a')]);
		expect((await run([item('a')])).items).toEqual([]);
		const replay = item('a', { ids: ['another trace ID', 'signature of a'] });
		expect((await run([replay])).items).toEqual([]);
		const mixed = await run([item('a'), item('b')]);
		expect(mixed.items).toMatchObject([{ json: { activity_key: 'b' } }]);
	});

	it('record only the latest rides of a long history in the table', async () => {
		const history = Array.from({ length: 3_000 }, (_, day) =>
			item(`${day}`, { ids: ['history'], began: day * 86_400_000 }),
		);
		await run(history);
		const keys = store.row();
		expect(keys).toContain('record ride 2999');
		expect(keys).toContain('record ride 2800');
		expect(keys).not.toContain('record ride 0');
		expect(keys.length).toBeLessThan(600);
	});

	it('record every ride that a later pass may look for in the table', async () => {
		const burst = Array.from({ length: 600 }, (_, hour) =>
			item(`${hour}`, { ids: [`${hour}`], began: now - (hour * DAY) / 60 }),
		);
		await run(burst);
		for (const hour of [0, 300, 599]) expect(store.row()).toContain(`record ride ${hour}`);
	});

	it('continue when n8n or a person runs the execution again', async () => {
		await run([item('a')], { executionId: '7' });
		expect((await run([item('a')], { executionId: '7' })).items).toHaveLength(1);
		expect((await run([item('a')], { executionId: '8', mode: 'retry' })).items).toHaveLength(1);
		expect((await run([item('a')], { executionId: '9' })).items).toEqual([]);
	});

	it('continue once even if n8n gives the executions no ID', async () => {
		const executionId = null as never;
		await run([item('a')], { executionId });
		expect((await run([item('a')], { executionId })).items).toEqual([]);
	});

	it('are updates if a version of their record has already continued', async () => {
		await run([item('a')]);
		const later = { ids: ['later'], recordKey: 'ride a' };
		expect((await run([item('a', later)])).items).toEqual([
			{ json: { activity_key: 'a', status: 'updated' } },
		]);
		const newOnly = { ids: ['later still'], recordKey: 'ride a', emitsUpdates: false };
		expect((await run([item('a', newOnly)])).items).toEqual([]);
		const withoutColumn = withOrigin(
			{ json: { name: 'x' } },
			{
				ids: ['even later'],
				recordKey: 'ride a',
				isNew: true,
				emitsUpdates: true,
				mark: null,
				began: null,
			},
		);
		expect((await run([withoutColumn])).items).toEqual([{ json: { name: 'x' } }]);
	});

	it('continue when the table fails or hangs', async () => {
		const failing = await run([item('a')], {
			record: async () => await Promise.reject(new Error('no database')),
		});
		expect(failing.items).toHaveLength(1);
		expect(failing.warnings).toHaveLength(1);

		clock.deadline = () => AbortSignal.timeout(10);
		const hanging = await run([item('b')], { record: async () => await new Promise(() => {}) });
		expect(hanging.items).toHaveLength(1);
		expect(hanging.warnings).toHaveLength(1);
	});

	it('from a long history do not push older keys out of the table', async () => {
		await run([item('a')]);
		const history = Array.from({ length: 5_000 }, (_, index) =>
			item('history', { recordKey: `ride ${index}` }),
		);
		expect((await run(history)).items).toHaveLength(5_000);
		expect(store.row().length).toBeLessThan(520);
		expect((await run([item('a')])).items).toEqual([]);
	});
});
