import { clock } from '../transport';

/** Longer than n8n takes to replace a published version with the next. */
const SWITCH_OFF_AFTER_MS = 10_000;

interface Pending {
	isOn: boolean;
	cancelled: AbortController;
}

/** Destinations that are about to be switched off, by node. */
const pending = new Map<string, Pending>();

/**
 * Calls back after a delay, unless the node is wanted again by then.
 *
 * @param isOn whether Terra delivers to it, as far as known
 */
export function switchOffLater(key: string, isOn: boolean, switchOff: () => Promise<void>): void {
	const wasOn = keepOn(key);
	const cancelled = new AbortController();
	pending.set(key, { isOn: isOn || wasOn, cancelled });
	void clock.sleep(SWITCH_OFF_AFTER_MS, cancelled.signal).then(async () => {
		if (cancelled.signal.aborted) return;
		pending.delete(key);
		await switchOff();
	});
}

/** @returns whether it was about to be switched off, and is still on */
export function keepOn(key: string): boolean {
	const { isOn = false, cancelled } = pending.get(key) ?? {};
	pending.delete(key);
	cancelled?.abort();
	return isOn;
}
