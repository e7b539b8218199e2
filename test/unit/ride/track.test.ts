import { rideOf } from '../../../nodes/Terra/ride/ride';
import { segmentsOf } from '../../../nodes/Terra/ride/segments';
import { distanceBetween } from '../../../nodes/Terra/ride/track';

const START = Date.UTC(2026, 9, 25, 0, 59, 50);
const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

const trackWith = (
	bpm: Array<{ timestamp?: string; timer_duration_seconds?: number | null; bpm: number }>,
	start_time = '2026-11-21T09:00:00+01:00',
	more: object = {},
) =>
	rideOf({
		metadata: { start_time },
		heart_rate_data: { detailed: { hr_samples: bpm } },
		...more,
	}).track();

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 8) + seconds * 1000).toISOString();

describe('the samples of a ride', () => {
	it("are all kept although the device's clock is uneven", () => {
		const uneven = range(0, 60).map((second) => second + (second % 2 === 0 ? 0.02 : -0.01));
		const track = trackWith(uneven.map((second, bpm) => ({ timestamp: at(second), bpm })));
		expect([...track.heartRate]).toEqual(range(0, 60));
	});

	it('from a faster sensor stay in their second', () => {
		const track = trackWith(
			range(0, 50).map((tenth) => ({ timestamp: at(tenth / 10), bpm: tenth })),
		);
		expect(track.length).toBeLessThanOrEqual(6);
		expect(track.time.at(-1)).toBe(Date.UTC(2026, 10, 21, 8, 0, track.length - 1));
	});

	it('keep their order when a clock without an offset goes back', () => {
		// In Berlin, 3:00 becomes 2:00 again.
		const wall = (second: number) =>
			new Date(START + second * 1000 + (second < 10 ? 7_200_000 : 3_600_000))
				.toISOString()
				.slice(0, 19);
		const track = trackWith(
			range(0, 20).map((second) => ({ timestamp: wall(second), bpm: 100 + second })),
			wall(0),
		);
		expect([...track.heartRate]).toEqual(range(100, 120));
		expect(track.time.at(-1)! - track.time[0]!).toBe(19_000);
	});

	it('give their offset to a start without one', () => {
		const ride = rideOf({
			metadata: { start_time: '2026-11-21T09:00:00' },
			heart_rate_data: {
				detailed: { hr_samples: [{ timestamp: '2026-11-21T09:00:05+01:00', bpm: 100 }] },
			},
		});
		expect(ride.start).toBe(Date.UTC(2026, 10, 21, 8));
		expect(ride.track().time[0]).toBe(Date.UTC(2026, 10, 21, 8, 0, 5));
		expect(ride.track().zoned).toBe(true);
	});

	it('without a timestamp are placed by the timer, after the pauses that other samples show', () => {
		const known = [0, 10, 11].map((timer) => ({
			timestamp: at(timer > 10 ? timer + 60 : timer),
			timer_duration_seconds: timer,
			bpm: 100,
		}));
		const track = trackWith([
			...known,
			{ timer_duration_seconds: 5, bpm: 105 },
			{ timer_duration_seconds: 12, bpm: 112 },
		]);
		const second = (bpm: number) =>
			(track.time[track.heartRate.indexOf(bpm)]! - Date.parse(at(0))) / 1000;
		expect([second(105), second(112)]).toEqual([5, 72]);
	});

	it('at 0, 0 have no position, and positions give the distance if nothing else does', () => {
		const position_samples = range(0, 5).map((second) => ({
			timestamp: at(second),
			coords_lat_lng_deg: second === 2 ? [0, 0] : [41.5 + second * 0.00007, 2.5],
		}));
		const track = trackWith([], undefined, { position_data: { position_samples } });
		expect([...track.latitude].filter(Number.isNaN)).toHaveLength(1);
		// A degree of latitude is 111.2 km.
		expect(distanceBetween(track, 0, Infinity)).toBeCloseTo(0.00028 * 111_195, 1);
	});
});

describe('a pause', () => {
	const secondsOf = (track: ReturnType<typeof trackWith>) =>
		segmentsOf(track).map((points) =>
			points.map((i) => (track.time[i]! - Date.parse(at(0))) / 1000),
		);

	it('is found although the heart rate continues, and its samples are left out', () => {
		const samples = range(0, 40).map((second) => ({
			timestamp: at(second),
			timer_duration_seconds: second <= 10 ? second : Math.max(10, second - 20),
			bpm: 120,
		}));
		expect(secondsOf(trackWith(samples))).toEqual([range(0, 11), range(30, 40)]);
	});

	it('is not a gap between samples that are always far apart', () => {
		const sparse = range(0, 12).map((n) => ({ timestamp: at(n * 300), bpm: 100 + n }));
		expect(secondsOf(trackWith(sparse))).toHaveLength(1);
	});

	it('is an unusual silence if there is no timer', () => {
		const samples = [...range(0, 10), ...range(100, 110)].map((second) => ({
			timestamp: at(second),
			bpm: 100,
		}));
		expect(secondsOf(trackWith(samples))).toEqual([range(0, 10), range(100, 110)]);
	});
});
