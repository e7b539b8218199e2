import { SportsLib } from '@sports-alliance/sports-lib';
import { DOMParser } from '@xmldom/xmldom';
import { toTcx } from '../../../nodes/Terra/files/tcx';
import { UNKNOWN_ATHLETE } from '../../../nodes/Terra/ride/athlete';
import { effortOf } from '../../../nodes/Terra/ride/effort';
import { BEST_SECONDS } from '../../../nodes/Terra/ride/power';
import { secondsOf } from '../../../nodes/Terra/ride/seconds';
import { everySecond, recorded } from '../ride/recording';

/** The figures that sports-lib, a program independent of the nodes, computes from our file. */
async function sportsLib(tcx: string) {
	const file = new DOMParser().parseFromString(tcx, 'text/xml');
	const [activity] = (await SportsLib.importFromTCX(file as never)).getActivities();
	const curve = activity!.getStat('PowerCurve')!.getValue() as unknown as Array<{
		duration: { getValue(): number };
		power: { getValue(): number };
	}>;
	return {
		curve: new Map(curve.map(({ duration, power }) => [duration.getValue(), power.getValue()])),
		weighted: activity!.getStat('Power Normalized')!.getValue() as number,
	};
}

it('another program computes the same best efforts from the exported ride', async () => {
	const ride = recorded(
		everySecond(4000, (second) => ({
			watts: Math.round(200 + 100 * Math.sin(second / 50) + (second % 300 < 20 ? 300 : 0)),
			bpm: 120 + (second % 40),
			speed: 8,
		})),
	);
	const { bests, weightedWatts } = effortOf(secondsOf(ride.track()), UNKNOWN_ATHLETE);
	const other = await sportsLib(toTcx(ride));
	for (const seconds of BEST_SECONDS) {
		expect([seconds, other.curve.get(seconds)]).toEqual([
			seconds,
			expect.closeTo(bests[seconds]!, 3),
		]);
	}
	// sports-lib smooths with something other than a mean of 30 seconds.
	expect(Math.abs(weightedWatts! / other.weighted - 1)).toBeLessThan(0.02);
});
