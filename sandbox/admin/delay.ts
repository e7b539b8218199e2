import type { SandboxSettings } from '../types';

/** If the path contains several of the keys, the longest key decides. */
export async function delay(setting: SandboxSettings['adminDelayMs'], path: string): Promise<void> {
	const ms = typeof setting === 'number' ? setting : longestMatch(setting, path);
	if (ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

function longestMatch(byPath: Record<string, number>, path: string): number {
	const [best] = Object.entries(byPath)
		.filter(([part]) => path.includes(part))
		.sort(([a], [b]) => b.length - a.length);
	return best?.[1] ?? 0;
}
