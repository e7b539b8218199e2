import { clock } from '../transport';

/** Longer than n8n takes to replace a published version with the next. */
const SWITCH_OFF_AFTER_MS = 10_000;

interface Leaving {
	isOn: boolean;
	staying: AbortController;
}

/** Destinations that are about to be switched off, by node. */
const leaving = new Map<string, Leaving>();

/**
 * Calls back after a delay, unless the node is wanted again by then.
 *
 * @param isOn whether Terra delivers to it, as far as known
 */
export function switchOffLater(key: string, isOn: boolean, switchOff: () => Promise<void>): void {
	const wasOn = keepOn(key);
	const staying = new AbortController();
	leaving.set(key, { isOn: isOn || wasOn, staying });
	void clock.sleep(SWITCH_OFF_AFTER_MS, staying.signal).then(async () => {
		if (staying.signal.aborted) return;
		leaving.delete(key);
		await switchOff();
	});
}

/** @returns whether it was about to be switched off, and is still on */
export function keepOn(key: string): boolean {
	const { isOn = false, staying } = leaving.get(key) ?? {};
	leaving.delete(key);
	staying?.abort();
	return isOn;
}
