import type { Track } from '../ride/track';
import { shareOf, type Effort } from './effort';
import { tenth, type Element } from './scene';
import { heat } from './theme';

const SHORTEST = 0.16;

/**
 * A ride without a route, once around a dial from start to end: the harder it was, the longer and redder the bars. Gaps
 * stay empty.
 */
export function ringElements(
	track: Track,
	effort: Effort,
	{ x, y, inner, outer }: { x: number; y: number; inner: number; outer: number },
): Element[] {
	const bars = 120;
	const first = track.time[0]!;
	const span = Math.max(1, track.time[track.length - 1]! - first + 1000);
	const sums = Array.from({ length: bars }, () => ({ sum: 0, count: 0 }));
	for (let index = 0; index < track.length; index++) {
		const share = shareOf(effort, index);
		if (share === null) continue;
		const bar = sums[Math.floor(((track.time[index]! - first) / span) * bars)]!;
		bar.sum += share;
		bar.count++;
	}
	const width = Math.min(7, ((2 * Math.PI * inner) / bars) * 0.62);
	return sums.flatMap(({ sum, count }, index): Element[] => {
		if (count === 0) return [];
		const share = sum / count;
		const angle = ((index + 0.5) / bars) * 2 * Math.PI;
		const length = inner + (outer - inner) * (SHORTEST + (1 - SHORTEST) * share);
		const points = [inner, length].flatMap((radius) => [
			tenth(x + radius * Math.sin(angle)),
			tenth(y - radius * Math.cos(angle)),
		]);
		return [{ kind: 'line', points, colour: heat(share), width: tenth(width) }];
	});
}
