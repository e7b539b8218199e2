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

it('goes from arrived to stored to accepted', async () => {
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

it('can be refused before it is stored', async () => {
	const handover = new Handover();
	handover.settle('refused');
	expect(handover).toMatchObject({ state: 'refused', isOpen: false });
	expect(await isSettled(handover)).toBe(true);
});

it.each([false, true])(
	'is given up when n8n does not answer within an hour (stored: %p)',
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
