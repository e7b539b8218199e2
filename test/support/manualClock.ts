import { clock } from '../../nodes/Terra/transport';

const real = { ...clock };
const turn = async () => await new Promise(setImmediate);

/** A clock that only moves when told to. All waits of the nodes use it. */
export function manualClock(start = 1_795_000_000_000) {
	let now = start;
	let alarms: Array<{ at: number; controller: AbortController }> = [];
	clock.now = () => now;
	clock.deadline = (ms) => {
		const controller = new AbortController();
		alarms.push({ at: now + Math.max(0, ms), controller });
		return controller.signal;
	};
	return {
		now: () => now,
		/** Lets everything run that does not wait for time to pass. */
		turn,
		async passes(ms: number) {
			const end = now + ms;
			await turn();
			for (;;) {
				const due = alarms.filter(({ at }) => at <= end);
				if (due.length === 0) break;
				now = Math.min(...due.map(({ at }) => at));
				const ringing = due.filter(({ at }) => at === now);
				alarms = alarms.filter((alarm) => !ringing.includes(alarm));
				for (const { controller } of ringing) controller.abort();
				await turn();
			}
			now = end;
			await turn();
		},
		sleep: async (ms: number) => await clock.sleep(ms),
		restore: () => Object.assign(clock, real),
	};
}
