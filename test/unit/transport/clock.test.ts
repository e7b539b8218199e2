import { getEventListeners } from 'node:events';

import { clock } from '../../../nodes/Terra/transport';

describe('a wait', () => {
	it('lasts as long as asked, including fractions of a millisecond', async () => {
		const started = performance.now();
		await clock.sleep(40.5);
		// A timer of Node.js may fire a millisecond early.
		expect(performance.now() - started).toBeGreaterThanOrEqual(39);
		await clock.sleep(-3);
	});

	it('ends when the signal aborts, and leaves no listener on it', async () => {
		const cancelled = new AbortController();
		const wait = clock.sleep(60_000, cancelled.signal);
		expect(getEventListeners(cancelled.signal, 'abort')).toHaveLength(1);
		cancelled.abort();
		await wait;
		expect(getEventListeners(cancelled.signal, 'abort')).toHaveLength(0);
		await clock.sleep(60_000, cancelled.signal);

		const other = new AbortController();
		await clock.sleep(1, other.signal);
		expect(getEventListeners(other.signal, 'abort')).toHaveLength(0);
	});
});
