import {
	Claims,
	type Claim,
	type Delivery,
	type StoredMemory,
} from '../../../nodes/Terra/inbox/claims';
import { clock } from '../../../nodes/Terra/transport';
import { SeenList } from '../../../nodes/Terra/inbox/memory';

const NOW = Date.now();

const delivery = (id: string | null, change: Partial<Delivery> = {}): Delivery => ({
	ids: id === null ? [] : [id, `signature of ${id}`],
	recordKeys: ['activity user:ride'],
	emitted: NOW,
	...change,
});

async function claimed(outcome: Promise<Claim | string>): Promise<Claim> {
	const claim = await outcome;
	if (typeof claim === 'string') throw new Error(claim);
	return claim;
}

/** Accepts a delivery, with the same steps as when n8n stores its execution. */
async function accept(deliveries: Claims, what: Delivery, stored: StoredMemory = {}) {
	const claim = await claimed(deliveries.claim(what));
	claim.store(stored);
	const versions = what.recordKeys.map((key) => claim.versionOf(key));
	claim.settle(true);
	return versions;
}

const isPending = async (promise: Promise<unknown>) =>
	(await Promise.race([promise.then(() => 'settled'), new Promise(setImmediate)])) !== 'settled';

describe('repetitions', () => {
	it('of an accepted delivery are recognised', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery('a'));
		expect(deliveries.hasAny(['a'])).toBe(true);
		expect(await deliveries.claim(delivery('a'))).toBe('repeated');
	});

	it('of a delivery that n8n failed on are accepted as new', async () => {
		const deliveries = new Claims();
		(await claimed(deliveries.claim(delivery('a')))).settle(false);
		expect(deliveries.hasAny(['a'])).toBe(false);
		expect(await accept(deliveries, delivery('a'))).toEqual(['new']);
	});

	it('are recognised by any of their IDs', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery('a'));
		const replay = delivery('a', { ids: ['another trace ID', 'signature of a'] });
		expect(await deliveries.claim(replay)).toBe('repeated');
	});

	it('cannot be recognised without an ID', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery(null));
		expect(await accept(deliveries, delivery(null, { emitted: NOW + 1 }))).toEqual(['updated']);
	});

	it('wait while the first copy is being handled, and are dropped when it is accepted', async () => {
		const deliveries = new Claims();
		const first = await claimed(deliveries.claim(delivery('a')));
		const copies = [deliveries.claim(delivery('a')), deliveries.claim(delivery('a'))];
		expect(await isPending(copies[0]!)).toBe(true);
		first.settle(true);
		expect(await Promise.all(copies)).toEqual(['repeated', 'repeated']);
	});

	it('take over, one of them, when the first copy fails', async () => {
		const deliveries = new Claims();
		const first = await claimed(deliveries.claim(delivery('a')));
		const second = deliveries.claim(delivery('a'));
		const third = deliveries.claim(delivery('a'));
		first.settle(false);
		const successor = await claimed(second);
		expect(await isPending(third)).toBe(true);
		successor.settle(true);
		expect(await third).toBe('repeated');
	});
});

describe('versions of a record', () => {
	it('are new, updated or outdated by the time at which Terra sent them', async () => {
		const deliveries = new Claims();
		expect(await accept(deliveries, delivery('a', { emitted: NOW + 2_000 }))).toEqual(['new']);
		expect(await accept(deliveries, delivery('b', { emitted: NOW + 3_000 }))).toEqual(['updated']);
		expect(await accept(deliveries, delivery('c', { emitted: NOW + 2_500 }))).toEqual(['outdated']);
		expect(await accept(deliveries, delivery('d', { emitted: NOW + 4_000 }))).toEqual(['updated']);
	});

	it('sent at the same moment are both accepted', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery('a'));
		expect(await accept(deliveries, delivery('b', { emitted: NOW }))).toEqual(['updated']);
		expect(await deliveries.claim(delivery('b'))).toBe('repeated');
	});

	it('are not outdated by a version without a time', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery('a', { emitted: undefined }));
		const earlier = delivery('b', { emitted: NOW - 3_000 });
		expect(await accept(deliveries, earlier)).toEqual(['updated']);
	});

	it('without a time count as newer than all before', async () => {
		const deliveries = new Claims();
		await accept(deliveries, delivery('a', { emitted: NOW + 2_000 }));
		expect(await accept(deliveries, delivery('b', { emitted: undefined }))).toEqual(['updated']);
	});

	it('that arrive at the same time are not both new', async () => {
		const deliveries = new Claims();
		const first = await claimed(deliveries.claim(delivery('a', { emitted: NOW + 2_000 })));
		const second = deliveries.claim(delivery('b', { emitted: NOW + 3_000 }));
		expect(await isPending(second)).toBe(true);
		first.settle(true);
		expect((await claimed(second)).versionOf('activity user:ride')).toBe('updated');
	});

	it('do not hold up other records', async () => {
		const deliveries = new Claims();
		await deliveries.claim(delivery('a'));
		const other = deliveries.claim(delivery('b', { recordKeys: ['activity user:other'] }));
		expect(await isPending(other)).toBe(false);
	});
});

describe('a claim that is never settled', () => {
	const real = { ...clock };
	afterEach(() => Object.assign(clock, real));

	it('makes others wait for a few seconds, not for ever', async () => {
		clock.deadline = () => AbortSignal.timeout(10);
		const deliveries = new Claims();
		await deliveries.claim(delivery('a'));
		expect(await deliveries.claim(delivery('a'))).toBe('busy');
		expect(await deliveries.claim(delivery('update', { emitted: NOW + 1 }))).toBe('busy');

		clock.now = () => Date.now() + 61 * 60_000;
		expect(await accept(deliveries, delivery('a'))).toEqual(['new']);
	});

	it('does not affect its successor when it is settled late', async () => {
		const deliveries = new Claims();
		const first = await claimed(deliveries.claim(delivery('a')));
		clock.now = () => Date.now() + 61 * 60_000;
		const second = await claimed(deliveries.claim(delivery('a')));
		first.settle(false);
		const third = deliveries.claim(delivery('a'));
		expect(await isPending(third)).toBe(true);
		second.settle(true);
		expect(await third).toBe('repeated');
	});
});

describe('what is stored', () => {
	it('is remembered by another process, or by this one after a restart', async () => {
		const stored: StoredMemory = {};
		await accept(new Claims(), delivery('a', { emitted: NOW + 5_000 }), stored);

		const restarted = new Claims();
		restarted.recall(stored);
		expect(restarted.hasAny(['a'])).toBe(true);
		expect(await accept(restarted, delivery('b', { emitted: NOW + 4_000 }))).toEqual(['outdated']);
	});

	it('is not remembered by this process until n8n has accepted the delivery', async () => {
		const deliveries = new Claims();
		const stored: StoredMemory = {};
		const claim = await claimed(deliveries.claim(delivery('a')));
		claim.store(stored);
		expect(deliveries.hasAny(['a'])).toBe(false);
		claim.settle(false);
		// n8n failed and so has not saved `stored`: the next delivery starts from the old data.
		deliveries.recall({});
		expect(deliveries.hasAny(['a'])).toBe(false);
	});

	it('includes all of a burst, in few writes', async () => {
		const deliveries = new Claims();
		const ids = Array.from({ length: 10 }, (_, index) => `delivery ${index}`);
		const claims = await Promise.all(
			ids.map((id) => claimed(deliveries.claim(delivery(id, { recordKeys: [id] })))),
		);
		// Each request has its own static data; n8n saves the ones that changed, one after the other.
		let saved: StoredMemory = {};
		let writes = 0;
		for (const claim of claims) {
			const stored: StoredMemory = {};
			claim.store(stored);
			if (!stored.deliveries) continue;
			saved = stored;
			writes++;
		}
		const other = new Claims();
		other.recall(saved);
		expect(ids.filter((id) => !other.hasAny([id]))).toEqual([]);
		// The first and the last.
		expect(writes).toBe(2);
	});

	it('is written even if n8n never answers an earlier delivery', async () => {
		const real = { ...clock };
		let now = Date.now();
		clock.now = () => now;
		try {
			const deliveries = new Claims();
			await claimed(deliveries.claim(delivery('hangs', { recordKeys: ['another ride'] })));
			now += 2_000;
			await accept(deliveries, delivery('first', { recordKeys: [] }));
			now += 10;
			const stored: StoredMemory = {};
			await accept(deliveries, delivery('second', { recordKeys: [] }), stored);
			const restarted = new Claims();
			restarted.recall(stored);
			expect(['first', 'second'].map((id) => restarted.hasAny([id]))).toEqual([true, true]);
		} finally {
			Object.assign(clock, real);
		}
	});

	it.each([undefined, null, 7, '', 'short', {}, []])(
		'may be damaged, and is then ignored: %j',
		(damaged) => {
			const deliveries = new Claims();
			deliveries.recall({ deliveries: damaged, records: damaged } as StoredMemory);
			expect(deliveries.hasAny(['a'])).toBe(false);
		},
	);

	it('stays small, while the process remembers far more', async () => {
		const deliveries = new Claims();
		for (let i = 0; i < 5_000; i++) {
			const claim = await claimed(
				deliveries.claim(delivery(`trace ${i}`, { recordKeys: [`ride ${i}`] })),
			);
			claim.settle(true);
		}
		const stored: StoredMemory = {};
		(await claimed(deliveries.claim(delivery('last')))).store(stored);
		expect(JSON.stringify(stored).length).toBeLessThan(25_000);
		expect(deliveries.hasAny(['trace 4999'])).toBe(true);
		expect(deliveries.hasAny(['trace 0'])).toBe(true);
	});
});

describe('a list of seen keys', () => {
	const DAY = 86_400_000;
	const now = Date.now();

	it('forgets the oldest beyond its capacity', () => {
		const list = new SeenList(2, DAY);
		list.remember('a', now);
		list.remember('b', now);
		list.remember('a', now + 1);
		list.remember('c', now);
		expect(['a', 'b', 'c'].map((key) => list.timeOf(key))).toEqual([now + 1, undefined, now]);
	});

	it('forgets what is older than its lifetime', () => {
		const list = new SeenList(10, DAY);
		list.remember('old', now - DAY - 1);
		list.remember('young', now - DAY + 1);
		const copy = new SeenList(10, DAY);
		copy.read(list.write(now));
		expect(copy.timeOf('old', now)).toBeUndefined();
		expect(copy.timeOf('young', now)).toBe(now - DAY + 1);
		expect(list.timeOf('old', now)).toBeUndefined();
	});

	it('saves only the latest ones', () => {
		const list = new SeenList(10, DAY, 2);
		for (const [index, key] of ['a', 'b', 'c'].entries()) list.remember(key, now + index);
		list.remember('a', now + 3);
		const copy = new SeenList(10, DAY);
		copy.read(list.write(now));
		expect(['a', 'b', 'c'].map((key) => copy.timeOf(key))).toEqual([now + 3, undefined, now + 2]);
		expect(list.timeOf('b')).toBe(now + 1);
	});

	it('still works with a time in the far future', () => {
		const list = new SeenList(10, DAY);
		list.remember('far', Number.MAX_SAFE_INTEGER);
		list.remember('now', now);
		const copy = new SeenList(10, DAY);
		copy.read(list.write(now));
		expect(copy.timeOf('now')).toBe(now);
	});

	it('keeps the later of two times when it reads what another process saved', () => {
		const [here, there] = [new SeenList(10, DAY), new SeenList(10, DAY)];
		here.remember('a', now);
		here.remember('b', now);
		there.remember('a', now - 1);
		there.remember('b', now + 1);
		here.read(there.write(now));
		expect([here.timeOf('a'), here.timeOf('b')]).toEqual([now, now + 1]);
	});
});
