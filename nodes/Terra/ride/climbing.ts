import type { Seconds } from './seconds';

/** A smaller rise is barometer noise, or not a climb. */
const CLIMB_METRES = 10;

/** A faster rise is a sensor jump. Metres per second, and the metres that a single step may add. */
const FASTEST = 5;
const STEP = 5;

/**
 * Metres climbed in an hour of climbing (VAM), over all rises of 10 m or more. A rise begins at its lowest point,
 * ends at its highest, and is over once the road has fallen by 10 m. Pauses take no time. Null without a rise.
 */
export function climbingRate({ length, elevation }: Seconds): number | null {
	let metres = 0;
	let seconds = 0;
	let [low, lowAt, high, highAt] = [Infinity, 0, -Infinity, 0];
	let [previous, changedAt] = [NaN, 0];
	const restart = (index: number) => {
		if (high - low >= CLIMB_METRES) {
			metres += high - low;
			seconds += highAt - lowAt;
		}
		[low, lowAt, high, highAt] = [elevation[index]!, index, elevation[index]!, index];
	};
	for (let index = 0; index < length; index++) {
		const here = elevation[index]!;
		if (Number.isNaN(here)) continue;
		const hasJumped = here - previous > FASTEST * (index - changedAt) + STEP;
		if (here !== previous) [previous, changedAt] = [here, index];
		const isOver = high - here >= CLIMB_METRES && high - low >= CLIMB_METRES;
		if (hasJumped || isOver || here <= low) restart(index);
		else if (here > high) [high, highAt] = [here, index];
	}
	restart(length - 1);
	return seconds === 0 ? null : (metres * 3600) / seconds;
}
