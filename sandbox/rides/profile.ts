import { randomFrom, seedFrom } from './random';

/** What the generator needs to know about an athlete. Terra does not send most of it: it has no FTP field. */
export interface AthleteProfile {
	firstName: string;
	lastName: string;
	ftpWatts: number;
	restingHeartRate: number;
	maxHeartRate: number;
	/** Rider and bicycle together. */
	massKg: number;
	home: [lat: number, lng: number];
	city: string;
	state: string;
	country: string;
	/** UTC offset, without daylight saving time, so that no test depends on the season. */
	offsetMinutes: number;
	device: { name: string; manufacturer: string };
}

const PLACES = [
	{
		city: 'Girona',
		state: 'Catalonia',
		country: 'Spain',
		home: [41.9794, 2.8214],
		offsetMinutes: 60,
	},
	{
		city: 'Boulder',
		state: 'Colorado',
		country: 'United States',
		home: [40.015, -105.2705],
		offsetMinutes: -420,
	},
	{
		city: 'Adelaide',
		state: 'South Australia',
		country: 'Australia',
		home: [-34.9285, 138.6007],
		offsetMinutes: 570,
	},
	{
		city: 'Sheffield',
		state: 'England',
		country: 'United Kingdom',
		home: [53.3811, -1.4701],
		offsetMinutes: 0,
	},
] as const;

const NAMES = [
	['Mireia', 'Soler'],
	['Dana', 'Whitfield'],
	['Ewan', 'Marsh'],
	['Priya', 'Raman'],
	['Jonas', 'Lindqvist'],
] as const;

const DEVICES = [
	{ name: 'Edge 840', manufacturer: 'Garmin' },
	{ name: 'ELEMNT BOLT', manufacturer: 'Wahoo' },
	{ name: 'Karoo 3', manufacturer: 'Hammerhead' },
] as const;

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Always the same athlete for a given seed and position in the list of users. */
export function profileFor(seed: number, index: number): AthleteProfile {
	const random = randomFrom(seedFrom(seed, 'profile', index));
	const place = pick(PLACES, index);
	const [firstName, lastName] = pick(NAMES, index);
	return {
		firstName,
		lastName,
		ftpWatts: 210 + Math.round(random() * 110),
		restingHeartRate: 44 + Math.round(random() * 14),
		maxHeartRate: 178 + Math.round(random() * 16),
		massKg: 68 + Math.round(random() * 20),
		home: [place.home[0], place.home[1]],
		city: place.city,
		state: place.state,
		country: place.country,
		offsetMinutes: place.offsetMinutes,
		device: { ...pick(DEVICES, index) },
	};
}
