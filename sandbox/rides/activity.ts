import { terraTime } from '../dates';
import type { RidePlan } from './plan';
import { clockSeconds, endOf } from './plan';
import { encodePolyline } from './polyline';
import type { AthleteProfile } from './profile';
import { seedFrom } from './random';
import type { Route } from './route';
import { makeRoute, positionAt } from './route';
import { noSamples, sampleArrays } from './samples';
import type { Simulation } from './simulate';
import { simulate } from './simulate';
import type { RideNumbers, Tally } from './summarise';
import { add, normalizedPower, numbersOf, round, tally, ZONE_EDGES, zoneTable } from './summarise';

const ROAD_BIKING = 16;
const STATIONARY_BIKING = 18;
const UPLOADED_AUTOMATICALLY = 1;
const LOCAL_TIME = 1;
const ROUTES_PER_ATHLETE = 3;
const LAP_SECONDS = 1200;
const POLYLINE_POINTS = 60;

const routes = new WeakMap<AthleteProfile, Map<number, Route>>();

function routeOf(plan: RidePlan, profile: AthleteProfile): Route | undefined {
	if (plan.indoor) return undefined;
	const number = plan.seed % ROUTES_PER_ATHLETE;
	const known = routes.get(profile) ?? new Map<number, Route>();
	routes.set(profile, known);
	const route =
		known.get(number) ?? makeRoute(profile, seedFrom(profile.city, profile.lastName, number));
	known.set(number, route);
	return route;
}

export type Ride = ReturnType<typeof makeRide>;

/** Makes a ride in the form of Terra's Activity. Its summary is the same with and without samples. */
export function makeRide(plan: RidePlan, profile: AthleteProfile, withSamples: boolean) {
	const route = routeOf(plan, profile);
	const simulation = simulate(plan, profile, route);
	const laps = tallyLaps(plan, profile, simulation);
	const whole = numbersOf(laps.reduce(add));
	const samples = withSamples ? sampleArrays(plan, profile, simulation, route) : noSamples();
	const normalizedWatts = normalizedPower(simulation.watts);
	const intensity = round(normalizedWatts / profile.ftpWatts, 3);
	const calories = Math.round(whole.workKilojoules);
	const [zone0 = 0, zone1 = 0, zone2 = 0, zone3 = 0, zone4 = 0] = whole.zoneSeconds;

	return {
		metadata: {
			summary_id: plan.summaryId,
			name: plan.name,
			type: plan.indoor ? STATIONARY_BIKING : ROAD_BIKING,
			upload_type: UPLOADED_AUTOMATICALLY,
			start_time: terraTime(plan.startMs, profile.offsetMinutes),
			end_time: terraTime(endOf(plan), profile.offsetMinutes),
			timestamp_localization: LOCAL_TIME,
			city: plan.indoor ? null : profile.city,
			state: plan.indoor ? null : profile.state,
			country: plan.indoor ? null : profile.country,
		},
		active_durations_data: {
			activity_seconds: plan.movingSeconds,
			rest_seconds: plan.stop.seconds,
			low_intensity_seconds: zone0 + zone1,
			moderate_intensity_seconds: zone2,
			vigorous_intensity_seconds: zone3 + zone4,
			activity_levels_samples: [],
		},
		calories_data: { total_burned_calories: calories, calorie_samples: [] },
		distance_data: {
			summary: {
				distance_meters: whole.distanceMeters,
				elevation: route ? elevationOf(whole) : null,
			},
			detailed: {
				distance_samples: samples.distance,
				elevation_samples: samples.elevation,
				step_samples: [],
				floors_climbed_samples: [],
			},
		},
		heart_rate_data: {
			summary: {
				avg_hr_bpm: whole.avgHeartRate,
				min_hr_bpm: whole.minHeartRate,
				max_hr_bpm: whole.maxHeartRate,
				user_max_hr_bpm: profile.maxHeartRate,
				hr_zone_data: zonesOf(whole),
			},
			detailed: {
				hr_samples: samples.heartRate,
				hrv_samples_rmssd: [],
				hrv_samples_sdnn: [],
			},
		},
		power_data: {
			avg_watts: whole.avgWatts,
			max_watts: whole.maxWatts,
			power_samples: samples.power,
		},
		work_data: { work_kilojoules: whole.workKilojoules },
		TSS_data: {
			TSS_samples: [
				{
					planned: null,
					actual: round((plan.movingSeconds / 3600) * intensity ** 2 * 100, 1),
					method: 'power',
					intensity_factor_planned: null,
					intensity_factor_actual: intensity,
					normalized_power_watts: normalizedWatts,
				},
			],
		},
		movement_data: {
			avg_speed_meters_per_second: whole.avgSpeed,
			max_speed_meters_per_second: whole.maxSpeed,
			avg_cadence_rpm: whole.avgCadence,
			max_cadence_rpm: whole.maxCadence,
			speed_samples: samples.speed,
			cadence_samples: samples.cadence,
			torque_samples: [],
		},
		lap_data: { laps: lapsOf(plan, profile, laps, calories) },
		position_data: route
			? {
					start_pos_lat_lng_deg: positionAt(route, 0),
					center_pos_lat_lng_deg: positionAt(route, whole.distanceMeters / 2),
					end_pos_lat_lng_deg: positionAt(route, whole.distanceMeters),
					position_samples: samples.position,
				}
			: null,
		polyline_map_data: route ? { summary_polyline: polylineOf(route, whole) } : null,
		device_data: {
			name: plan.indoor ? 'Smart trainer' : profile.device.name,
			manufacturer: plan.indoor ? 'Tacx' : profile.device.manufacturer,
			software_version: '24.15',
			data_provided: ['HEART_RATE', 'SPEED', 'CADENCE'],
			other_devices: [{ name: 'Dual-sided pedals', manufacturer: 'Favero' }],
		},
		oxygen_data: null,
		energy_data: null,
		strain_data: null,
		MET_data: null,
		data_enrichment: null,
		cheat_detection: null,
	};
}

function elevationOf({ elevation }: RideNumbers) {
	return {
		avg_meters: elevation.avg,
		min_meters: elevation.min,
		max_meters: elevation.max,
		gain_actual_meters: elevation.gain,
		loss_actual_meters: elevation.loss,
		gain_planned_meters: null,
	};
}

function zonesOf(numbers: RideNumbers) {
	return ZONE_EDGES.map((edge, zone) => ({
		zone,
		name: `Zone ${zone + 1}`,
		start_percentage: edge,
		end_percentage: ZONE_EDGES[zone + 1] ?? 100,
		duration_seconds: numbers.zoneSeconds[zone] ?? 0,
	}));
}

function polylineOf(route: Route, numbers: RideNumbers): string {
	const points = Array.from({ length: POLYLINE_POINTS + 1 }, (_, index) =>
		positionAt(route, (numbers.distanceMeters * index) / POLYLINE_POINTS),
	);
	return encodePolyline(points);
}

function tallyLaps(plan: RidePlan, profile: AthleteProfile, simulation: Simulation): Tally[] {
	const count = Math.max(1, Math.floor(plan.movingSeconds / LAP_SECONDS));
	const edge = (lap: number) => Math.round((plan.movingSeconds * lap) / count);
	const zones = zoneTable(profile.maxHeartRate);
	return Array.from({ length: count }, (_, lap) =>
		tally(simulation, zones, edge(lap), edge(lap + 1)),
	);
}

function lapsOf(plan: RidePlan, profile: AthleteProfile, tallies: Tally[], calories: number) {
	// Differences of a rounded running total, so that the laps' calories add up to the ride's.
	const caloriesUntil = (second: number) => Math.round((calories * second) / plan.movingSeconds);
	let from = 0;
	return tallies.map((sums, lap) => {
		const to = from + sums.seconds;
		const numbers = numbersOf(sums);
		// If the stop falls on a lap boundary, the next lap starts after the stop.
		const startsAt = plan.startMs + (clockSeconds(plan, from + 1) - 1) * 1000;
		const lapRecord = {
			start_time: terraTime(startsAt, profile.offsetMinutes),
			end_time: terraTime(plan.startMs + clockSeconds(plan, to) * 1000, profile.offsetMinutes),
			active_duration_seconds: sums.seconds,
			distance_meters: numbers.distanceMeters,
			calories: caloriesUntil(to) - caloriesUntil(from),
			avg_hr_bpm: numbers.avgHeartRate,
			avg_watts: numbers.avgWatts,
			avg_speed_meters_per_second: numbers.avgSpeed,
			trigger_method: lap === tallies.length - 1 ? 'SESSION_END' : 'TIME',
		};
		from = to;
		return lapRecord;
	});
}
