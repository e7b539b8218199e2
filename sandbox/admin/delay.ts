import type { SandboxSettings } from '../types';

/** Of several parts that the path contains, the longest says how long. */
export async function delay(wanted: SandboxSettings['adminDelayMs'], path: string): Promise<void> {
	const ms = typeof wanted === 'number' ? wanted : longestMatch(wanted, path);
	if (ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

function longestMatch(byPath: Record<string, number>, path: string): number {
	const [best] = Object.entries(byPath)
		.filter(([part]) => path.includes(part))
		.sort(([a], [b]) => b.length - a.length);
	return best?.[1] ?? 0;
}
