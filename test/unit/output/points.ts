import { DOMParser, type Element } from '@xmldom/xmldom';
import { readFit } from './fitReaders';

/** A point as read from a file, rounded to what all formats can represent; undefined if it has no value. */
interface Point {
	time: string;
	latitude?: string;
	longitude?: string;
	height?: number;
	distance?: number;
	heartRate?: number;
	cadence?: number;
	power?: number;
}

const DEGREES = 180 / 2 ** 31;
/** FIT stores elevations in steps of 20 cm. */
const step = (metres: number) => Math.round(metres * 5) / 5;

export const fitPoints = (file: Buffer): Point[] =>
	readFit(file).recordMesgs!.map((record) => {
		const number = (name: string) => record[name] as number | undefined;
		const place = (name: string) => {
			const value = number(name);
			return value === undefined ? undefined : (value * DEGREES).toFixed(6);
		};
		return {
			time: (record.timestamp as Date).toISOString(),
			latitude: place('positionLat'),
			longitude: place('positionLong'),
			height: number('enhancedAltitude'),
			distance: number('distance'),
			heartRate: number('heartRate'),
			cadence: number('cadence'),
			power: number('power'),
		};
	});

const elements = (xml: string, name: string): Element[] =>
	Array.from(new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName(name));

function numberIn(element: Element, name: string): number | undefined {
	const text = element.getElementsByTagName(name)[0]?.textContent;
	return text === undefined || text === null ? undefined : Number(text);
}

const timeOf = (element: Element, name: string) =>
	new Date(element.getElementsByTagName(name)[0]!.textContent!).toISOString();

const height = (metres: number | undefined) => (metres === undefined ? undefined : step(metres));

export const tcxPoints = (xml: string): Point[] =>
	elements(xml, 'Trackpoint').map((point) => ({
		time: timeOf(point, 'Time'),
		latitude: numberIn(point, 'LatitudeDegrees')?.toFixed(6),
		longitude: numberIn(point, 'LongitudeDegrees')?.toFixed(6),
		height: height(numberIn(point, 'AltitudeMeters')),
		distance: numberIn(point, 'DistanceMeters'),
		heartRate: numberIn(point, 'HeartRateBpm'),
		cadence: numberIn(point, 'Cadence'),
		power: numberIn(point, 'ns3:Watts'),
	}));

export const gpxPoints = (xml: string): Point[] =>
	elements(xml, 'trkpt').map((point) => ({
		time: timeOf(point, 'time'),
		latitude: Number(point.getAttribute('lat')).toFixed(6),
		longitude: Number(point.getAttribute('lon')).toFixed(6),
		height: height(numberIn(point, 'ele')),
		heartRate: numberIn(point, 'gpxtpx:hr'),
		cadence: numberIn(point, 'gpxtpx:cad'),
		power: numberIn(point, 'power'),
	}));

/** Allows for rounding: distances to a centimetre, and one step of degrees and elevations. */
export function expectSamePoints(points: readonly Point[], others: readonly Point[]): void {
	expect(points.map(({ time }) => time)).toEqual(others.map(({ time }) => time));
	points.forEach((point, index) => {
		const other = others[index]!;
		for (const name of Object.keys(other) as Array<keyof Point>) {
			const [value, wanted] = [point[name], other[name]];
			if (wanted === undefined || value === undefined || name === 'time') {
				expect([name, value]).toEqual([name, wanted]);
				continue;
			}
			const apart = { latitude: 2e-6, longitude: 2e-6, height: 0.21, distance: 0.011 };
			const most = apart[name as keyof typeof apart] ?? 0;
			if (Math.abs(Number(value) - Number(wanted)) > most) {
				expect({ index, [name]: value }).toEqual({ index, [name]: wanted });
			}
		}
	});
}
