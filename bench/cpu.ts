import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/**
 * Seconds of CPU that these processes and their helpers (n8n's task runner) have used so far. Undefined where
 * the system has no /proc.
 */
export function cpuSeconds(groups: number[]): number | undefined {
	if (process.platform !== 'linux') return undefined;
	let ticks = 0;
	for (const entry of readdirSync('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const fields = statOf(entry);
		if (fields && groups.includes(Number(fields[2])))
			ticks += Number(fields[11]) + Number(fields[12]);
	}
	return ticks / ticksPerSecond;
}

/** The fields after the program's name, which may contain spaces: state, parent, group, … */
function statOf(pid: string): string[] | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return text.slice(text.lastIndexOf(')') + 2).split(' ');
	} catch {
		// It has ended since the folder was read.
		return undefined;
	}
}
