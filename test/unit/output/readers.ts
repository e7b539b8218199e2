import { SportsLib } from '@sports-alliance/sports-lib';
import { gpx as readGpx, tcx as readTcx } from '@tmcw/togeojson';
import { DOMParser } from '@xmldom/xmldom';

/**
 * What a program reads from a file, in metres, seconds, watts and beats a minute; undefined if it does not report
 * it.
 */
export interface Read {
	distance: number;
	seconds: number;
	laps?: number;
	watts: number;
	heartRate: number;
	ascent?: number;
}

export type Reader = (file: string) => Promise<Read>;

const parse = (file: string) => new DOMParser().parseFromString(file, 'text/xml');

type SportsEvent = Awaited<ReturnType<typeof SportsLib.importFromGPX>>;

/** The totals and averages that sports-lib computes itself. */
export function sportsRead(event: SportsEvent): Read {
	const [activity] = event.getActivities();
	const stat = (name: string) => activity!.getStat(name)?.getValue() as number;
	const laps = activity!.getLaps().length;
	return {
		distance: stat('Distance'),
		seconds: stat('Duration'),
		...(laps > 0 && { laps }),
		watts: stat('Average Power'),
		heartRate: stat('Average Heart Rate'),
		...(activity!.hasPositionData() && { ascent: stat('Ascent') }),
	};
}

interface Line {
	properties: {
		totalTimeSeconds?: number;
		distanceMeters?: number;
		watts?: unknown[];
		coordinateProperties: { times: unknown[]; heart: unknown[]; powers?: unknown[] };
	};
	geometry: { type: string; coordinates: unknown };
}

type Point = [longitude: number, latitude: number, height: number];

export const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
export const mean = (values: readonly unknown[]) => {
	const known = values.flat().filter((value) => typeof value === 'number');
	return sum(known) / known.length;
};

export const pairs = <T>(list: readonly T[]) =>
	list.slice(1).map((to, index) => [list[index]!, to]);

/** The coordinates of a line, one list for each stretch between pauses. */
const stretchesOf = ({ geometry }: Line) =>
	(geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates) as Point[][];

function metres(from: Point, to: Point): number {
	const radians = (degrees: number) => (degrees * Math.PI) / 180;
	const east = radians(to[0] - from[0]) * Math.cos(radians(from[1]));
	return 6_371_008 * Math.hypot(east, radians(to[1] - from[1]));
}

/** togeojson only returns lists, so distance, time and ascent are added up here, within each stretch. */
function linesRead(lines: readonly Line[]): Read {
	const steps = lines.flatMap(stretchesOf).flatMap((stretch) => pairs(stretch));
	const times = lines.flatMap(({ properties, geometry }) => {
		const given = properties.coordinateProperties.times;
		return (geometry.type === 'LineString' ? [given] : given) as string[][];
	});
	const { totalTimeSeconds } = lines[0]!.properties;
	const sumOf = (of: 'totalTimeSeconds' | 'distanceMeters') =>
		sum(lines.map(({ properties }) => properties[of]!));
	return {
		...(totalTimeSeconds === undefined
			? {
					distance: sum(steps.map(([from, to]) => metres(from!, to!))),
					seconds: sum(times.map((of) => (Date.parse(of.at(-1)!) - Date.parse(of[0]!)) / 1000)),
				}
			: {
					distance: sumOf('distanceMeters'),
					seconds: sumOf('totalTimeSeconds'),
					laps: lines.length,
				}),
		watts: mean(
			lines.flatMap(
				({ properties }) => properties.watts ?? properties.coordinateProperties.powers ?? [],
			),
		),
		heartRate: mean(lines.flatMap(({ properties }) => properties.coordinateProperties.heart)),
		ascent: sum(steps.map(([from, to]) => Math.max(0, to![2] - from![2]))),
	};
}

export const readers = {
	'sports-lib reads TCX': async (file) =>
		sportsRead(await SportsLib.importFromTCX(parse(file) as never)),
	'sports-lib reads GPX': async (file) =>
		sportsRead(await SportsLib.importFromGPX(file, DOMParser)),
	'togeojson reads TCX': async (file) => linesRead(readTcx(parse(file)).features as never),
	'togeojson reads GPX': async (file) => linesRead(readGpx(parse(file)).features as never),
} satisfies Record<string, Reader>;
