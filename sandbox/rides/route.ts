import type { AthleteProfile } from './profile';
import { randomFrom, seedFrom } from './random';

/** Distance between adjacent points of a route. */
export const STEP_METERS = 20;
const METERS_PER_DEGREE = 111_320;

/** A closed loop from the athlete's home, with a point every 20 m. */
export interface Route {
	lat: Float64Array;
	lng: Float64Array;
	elevationMeters: Float64Array;
	/** Rise over run from this point to the next. */
	grade: Float64Array;
}

/** Makes a loop of 24 to 44 km. Its elevation is a sum of whole sine waves, so that it ends where it started. */
export function makeRoute(profile: AthleteProfile, seed: number): Route {
	const random = randomFrom(seedFrom(seed, 'route'));
	const lengthMeters = 24_000 + Math.round(random() * 20_000);
	const points = Math.round(lengthMeters / STEP_METERS);
	const heading = random() * 2 * Math.PI;
	const waves = Array.from({ length: 5 }, (_, index) => ({
		turns: index === 0 ? 1 : 2 + Math.floor(random() * 10),
		meters: (index === 0 ? 50 : 11) * (0.4 + random()),
		phase: random() * 2 * Math.PI,
	}));
	const height = (turn: number) =>
		waves.reduce((sum, wave) => sum + wave.meters * Math.sin(wave.turns * turn + wave.phase), 0);
	const lowest = 40 + waves.reduce((sum, wave) => sum + wave.meters, 0);

	const route: Route = {
		lat: new Float64Array(points),
		lng: new Float64Array(points),
		elevationMeters: new Float64Array(points),
		grade: new Float64Array(points),
	};
	const [homeLat, homeLng] = profile.home;
	const metersPerDegreeLng = METERS_PER_DEGREE * Math.cos((homeLat * Math.PI) / 180);
	const radius = lengthMeters / (2 * Math.PI);
	for (let point = 0; point < points; point++) {
		const turn = (point / points) * 2 * Math.PI;
		const wobble = 1 + 0.12 * Math.sin(3 * turn) - 0.12 * Math.sin(5 * turn);
		const east = radius * (Math.cos(turn + heading) * wobble - Math.cos(heading));
		const north = radius * (Math.sin(turn + heading) * wobble - Math.sin(heading));
		route.lat[point] = homeLat + north / METERS_PER_DEGREE;
		route.lng[point] = homeLng + east / metersPerDegreeLng;
		route.elevationMeters[point] = lowest + height(turn);
	}
	for (let point = 0; point < points; point++) {
		const next = route.elevationMeters[(point + 1) % points] ?? 0;
		route.grade[point] = (next - (route.elevationMeters[point] ?? 0)) / STEP_METERS;
	}
	return route;
}

/** Interpolates linearly between the two points around the distance; the loop repeats. */
function interpolate(values: Float64Array, distanceMeters: number): number {
	const steps = distanceMeters / STEP_METERS;
	const whole = Math.floor(steps);
	const point = whole % values.length;
	const here = values[point] ?? 0;
	const next = values[point + 1 === values.length ? 0 : point + 1] ?? 0;
	return here + (next - here) * (steps - whole);
}

/** Rounded to six decimals, which is about 10 cm. */
export function positionAt(route: Route, distanceMeters: number): [lat: number, lng: number] {
	return [
		Math.round(interpolate(route.lat, distanceMeters) * 1e6) / 1e6,
		Math.round(interpolate(route.lng, distanceMeters) * 1e6) / 1e6,
	];
}
