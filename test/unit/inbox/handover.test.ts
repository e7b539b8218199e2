import { Handover } from '../../../nodes/Terra/inbox/handover';
import { clock } from '../../../nodes/Terra/transport';

const real = { ...clock };
let now: number;
beforeEach(() => {
	now = 1_795_000_000_000;
	clock.now = () => now;
});
afterEach(() => Object.assign(clock, real));

const isSettled = async (handover: Handover) =>
	await Promise.race([handover.settled, new Promise((resolve) => setImmediate(resolve, false))]);

it('goes from its arrival over the stored execution to the answer', async () => {
	const handover = new Handover();
	expect(handover).toMatchObject({ state: 'arrived', isOpen: true });
	handover.store();
	expect(handover).toMatchObject({ state: 'stored', isOpen: true });
	expect(await isSettled(handover)).toBe(false);
	handover.settle('accepted');
	expect(handover).toMatchObject({ state: 'accepted', isOpen: false });
	expect(await isSettled(handover)).toBe(true);
	handover.store();
	expect(handover.state).toBe('accepted');
});

it('may be refused at any time', async () => {
	const handover = new Handover();
	handover.settle('refused');
	expect(handover).toMatchObject({ state: 'refused', isOpen: false });
	expect(await isSettled(handover)).toBe(true);
});

it.each([false, true])(
	'is given up when n8n never answers, its execution stored or not (%p)',
	async (stored) => {
		const handover = new Handover();
		if (stored) handover.store();
		now += 60 * 60_000 - 1;
		expect(handover.isOpen).toBe(true);
		now += 1;
		expect(handover).toMatchObject({ state: 'given up', isOpen: false });
		expect(await isSettled(handover)).toBe(true);
	},
);
