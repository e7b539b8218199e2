import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';

import { ticks, timeTicks } from '../../../nodes/Terra/pictures/series';
import type { Activity } from '../../support/terraTypes';
import { expectGolden } from './golden';
import { branchesOf, changed, fullActivity, leavesOf, zeroed } from './model';
import { rideChart } from './faces';

function parse(svg: string) {
	return new DOMParser({
		onError: (_, message) => {
			throw new Error(message);
		},
	}).parseFromString(svg, 'text/xml');
}

/** The points of each curve, without axes and averages. */
const curvesOf = (svg: string) =>
	Array.from(parse(svg).getElementsByTagName('polyline'))
		.filter((line) => line.getAttribute('stroke-width') === '2')
		.map((line) => line.getAttribute('points')!.split(' '));

const textsOf = (svg: string) =>
	Array.from(parse(svg).getElementsByTagName('text'), ({ textContent }) => textContent!);

/** A ride recorded every second, with a pause of ten minutes in the middle. */
function longRide(seconds: number): Activity {
	const activity = fullActivity();
	const stamp = (second: number) => {
		const clock = second < seconds / 2 ? second : second + 600;
		return new Date(Date.UTC(2026, 10, 14, 7, 30, clock)).toISOString();
	};
	const all = Array.from({ length: seconds }, (_, second) => ({
		timestamp: stamp(second),
		timer_duration_seconds: second,
	}));
	activity.metadata.end_time = stamp(seconds);
	activity.power_data!.power_samples = all.map((sample, i) => ({
		...sample,
		watts: 200 + (i % 50),
	}));
	activity.heart_rate_data!.detailed!.hr_samples = all.map((sample) => ({ ...sample, bpm: 140 }));
	activity.distance_data!.detailed!.elevation_samples = all.map((sample) => ({
		...sample,
		elev_meters: 300,
	}));
	return activity;
}

it('matches the reviewed file', () => {
	expectGolden('chart.svg', rideChart(fullActivity()));
});

it('has a title, the figures, three panels with units, the zones and a time axis', () => {
	const texts = textsOf(rideChart(longRide(7200)));
	expect(texts).toEqual(
		expect.arrayContaining([
			'Hills & <valleys> "east"',
			'Road Biking · 14 Nov 2026',
			'31.2',
			'km',
			'Power',
			'W · average 214',
			'Heart rate',
			'bpm · average 147',
			'Elevation',
			'm',
			'Time in heart rate zones',
			'Easy',
			'0:30',
			'2:00',
			'Time since the start (hours:minutes)',
		]),
	);
});

it('draws at most 600 points a curve for a long ride, and breaks the curves at the pause', () => {
	const lines = curvesOf(rideChart(longRide(10_800)));
	expect(lines).toHaveLength(6);
	const power = lines.slice(0, 2).flat();
	expect(power.length).toBeLessThanOrEqual(601);
	expect(power.length).toBeGreaterThan(500);
});

it('shows feet when asked', () => {
	expect(textsOf(rideChart(longRide(60), { units: 'imperial' }))).toContain('ft');
});

it('leaves out a missing panel and uses its space', () => {
	const activity = changed(longRide(60), ['power_data'], null);
	activity.heart_rate_data!.summary!.hr_zone_data = null;
	const texts = textsOf(rideChart(activity));
	expect(texts).not.toContain('Power');
	expect(texts).not.toContain('Time in heart rate zones');
	expect(texts).toContain('bpm · average 147');
});

it('says so if there is nothing to draw', () => {
	expect(textsOf(rideChart(null))).toContain('No power, heart rate or elevation samples');
});

it('contains no script and loads nothing, whatever the ride is called', () => {
	const svg = rideChart(
		changed(fullActivity(), ['metadata', 'name'], '</text><script>alert(1)</script>\u0000'),
	);
	expect(parse(svg).getElementsByTagName('script')).toHaveLength(0);
	expect(svg).not.toMatch(/href|url\((?!#)|@import|<image|<foreignObject/i);
});

it('stays inside the picture and well-formed with any field missing, zero or wrong', () => {
	const paths = [...branchesOf(fullActivity()), ...leavesOf(fullActivity())];
	const rides = [
		zeroed(fullActivity()),
		...paths.flatMap((path) =>
			[null, 'x', 1e300, -1e300].map((value) => changed(fullActivity(), path, value)),
		),
	];
	for (const ride of rides) {
		const svg = rideChart(ride);
		expect(svg).not.toMatch(/NaN|Infinity|undefined/);
		const points = [...svg.matchAll(/([\d.-]+),([\d.-]+)(?=[ "])/g)];
		const outside = points.filter(
			([, x, y]) => !(Number(x) >= 0 && Number(x) <= 1200 && Number(y) >= 0 && Number(y) <= 800),
		);
		expect(outside.map(([point]) => point)).toEqual([]);
	}
	for (const ride of rides.filter((_, index) => index % 20 === 0)) parse(rideChart(ride));
});

it('never throws', () => {
	fc.assert(fc.property(fc.anything(), (value) => rideChart(value).startsWith('<svg ')));
});

it('puts the ticks of an axis at round values around the data', () => {
	expect(ticks(0, 688, 5)).toEqual([0, 200, 400, 600, 800]);
	expect(ticks(92, 181, 3)).toEqual([50, 100, 150, 200]);
	expect(timeTicks(3600)).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600]);
	fc.assert(
		fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
			const marks = ticks(Math.min(a, b), Math.max(a, b), 4);
			expect(marks.length).toBeGreaterThan(1);
			expect(marks.length).toBeLessThanOrEqual(13);
		}),
	);
});

const heightsOf = (svg: string) =>
	curvesOf(svg).map((points) => points.map((point) => Number(point.split(',')[1])));

it('clips a single spike, says so, and keeps the rest readable', () => {
	const activity = longRide(600);
	activity.power_data!.power_samples![300]!.watts = 21_700;
	const svg = rideChart(activity);
	expect(textsOf(svg)).toContain('cut at the top: up to 21700 W');
	const [power] = heightsOf(svg);
	expect(Math.max(...power!) - Math.min(...power!)).toBeGreaterThan(8);
	expect(textsOf(rideChart(longRide(600))).join()).not.toContain('cut at the top');
});

it('treats a heart rate of zero as a strap without contact', () => {
	const activity = longRide(600);
	const samples = activity.heart_rate_data!.detailed!.hr_samples!;
	for (let second = 100; second < 150; second++) samples[second]!.bpm = 0;
	const marks = textsOf(rideChart(activity)).filter((text) => /^\d+$/.test(text));
	const heartRate = marks.slice(marks.lastIndexOf('140') - 1);
	expect(heartRate).not.toContain('0');
});

it('shows every zone with its share, and no bar for a zone without time', () => {
	const activity = longRide(600);
	activity.heart_rate_data!.summary!.hr_zone_data = Array.from({ length: 8 }, (_, zone) => ({
		zone,
		name: `第${zone + 1}ゾーン 高強度インターバルトレーニング`,
		duration_seconds: zone === 3 ? 0 : 100,
	})) as never;
	const svg = rideChart(activity);
	const texts = textsOf(svg);
	expect(texts.filter((text) => /^Zone \d$/.test(text))).toHaveLength(8);
	expect(texts.filter((text) => text.endsWith('· 14 %'))).toHaveLength(7);
	expect(texts).toContain('0:00:00 · 0 %');
	const bars = Array.from(parse(svg).getElementsByTagName('polyline')).filter(
		(line) => Number(line.getAttribute('stroke-width')) > 10,
	);
	// A background bar for each zone, and a bar on it for each with time.
	expect(bars).toHaveLength(15);
});
