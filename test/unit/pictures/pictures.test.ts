import fc from 'fast-check';

import { ridePicture, toPng, toSvg, type PictureOptions } from '../../../nodes/Terra/pictures';
import { widthOf } from '../../../nodes/Terra/pictures/font';
import type { Element, Scene, Text } from '../../../nodes/Terra/pictures/scene';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import { UserError } from '../../../nodes/Terra/terra/userError';
import { decodePng } from '../../support/png';
import type { Activity } from '../../support/terraTypes';
import { indoorRide, longRide, rideOfSeconds } from './rides';

const KINDS = ['card', 'chart', 'map'] as const;

const draw = (kind: (typeof KINDS)[number], activity: unknown, options?: PictureOptions) =>
	ridePicture(kind, rideOf(activity), options);
/** All kinds of picture, from one reading of the ride. */
function drawAll(activity: Activity): Scene[] {
	const ride = rideOf(activity);
	return KINDS.map((kind) => ridePicture(kind, ride));
}
const textsOf = ({ elements }: Scene) =>
	elements.filter((element): element is Text => element.kind === 'text').map(({ text }) => text);
const coloursOf = ({ elements }: Scene) => new Set(elements.map(({ colour }) => colour));
const START = '#0f9d58';
const marksOf = (scene: Scene) => textsOf(scene).filter((text) => /^\d+$/.test(text));

/** The left, top, right and bottom edges of an element. */
function extentOf(element: Element): [number, number, number, number] {
	if (element.kind === 'text') {
		const width = widthOf(element.text, element);
		const share = { start: 0, middle: 0.5, end: 1 }[element.anchor ?? 'start'];
		const left = element.x - width * share;
		return [left, element.y - element.size * 0.75, left + width, element.y + element.size * 0.2];
	}
	const xs = element.points.filter((_, i) => i % 2 === 0);
	const ys = element.points.filter((_, i) => i % 2 === 1);
	return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function expectInside({ elements, width, height }: Scene) {
	const outside = elements.filter((element) => {
		const [left, top, right, bottom] = extentOf(element);
		return !(left >= 0 && top >= 0 && right <= width && bottom <= height);
	});
	expect(outside).toEqual([]);
}

const short = (place: (second: number) => [number, number], seconds = 600) =>
	rideOfSeconds(seconds, (second) => ({ watts: 200 + (second % 50), place: place(second) }));

describe('every picture', () => {
	it.each(KINDS)('is drawn light and dark (%s)', async (kind) => {
		const [light, dark] = await Promise.all(
			(['light', 'dark'] as const).map(async (theme) =>
				decodePng(await toPng(draw(kind, indoorRide(), { theme }))),
			),
		);
		expect(light!.at(2, 2)).toEqual([255, 255, 255]);
		expect(Math.max(...dark!.at(2, 2))).toBeLessThan(40);
	});

	it.each(KINDS)('is at most 130 kB for a ride of five hours (%s)', async (kind) => {
		const png = await toPng(draw(kind, longRide()));
		expect(png.length).toBeGreaterThan(15_000);
		expect(png.length).toBeLessThanOrEqual(130_000);
	});

	it.each(KINDS)('can be passed on as JSON (%s)', (kind) => {
		const scene = draw(kind, longRide());
		expect(JSON.parse(JSON.stringify(scene))).toEqual(scene);
	});

	it.each([
		'Тур вокруг озера Байкал',
		'朝のライド',
		'🚴🔥',
		'W'.repeat(120),
		'An extraordinarily long name for a ride over the hills '.repeat(3),
	])('stays inside its edges with the name %j', (name) => {
		for (const ride of [longRide({ name }), indoorRide({ name })]) {
			for (const scene of drawAll(ride)) expectInside(scene);
		}
	});

	it('shows the activity type if the font cannot draw the name', () => {
		for (const scene of drawAll(longRide({ name: '朝のライド' }))) {
			expect(textsOf(scene)[0]).toBe('Road Biking');
		}
	});

	it('stays inside its edges and contains only numbers, whatever the samples say', () => {
		const values = fc.oneof(
			fc.double(),
			fc.integer({ min: -500, max: 3000 }),
			fc.constantFrom(NaN, 1e308, -1e308, -1, 0, null, '250'),
		);
		const sample = fc.record({
			at: fc.integer({ min: -90_000, max: 90_000 }),
			value: values,
			place: fc.oneof(
				fc.tuple(fc.double({ min: -90, max: 90 }), fc.double({ min: -180, max: 180 })),
				fc.tuple(values, values),
			),
		});
		fc.assert(
			fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
				const timed = samples.map(({ at, ...rest }) => ({
					...rest,
					timestamp: new Date(Date.UTC(2026, 5, 14) + at * 1000).toISOString(),
				}));
				const named = (name: string) => timed.map((one) => ({ ...one, [name]: one.value }));
				const activity = {
					...indoorRide(),
					power_data: { avg_watts: 1e308, power_samples: named('watts') },
					heart_rate_data: { detailed: { hr_samples: named('bpm') } },
					distance_data: { detailed: { elevation_samples: named('elev_meters') } },
					position_data: {
						position_samples: timed.map((one) => ({ ...one, coords_lat_lng_deg: one.place })),
					},
				};
				for (const kind of KINDS) {
					const scene = attempt(kind, activity);
					if (!scene) continue;
					expectInside(scene);
					expect(toSvg(scene)).not.toMatch(/NaN|Infinity|undefined/);
				}
			}),
		);
	}, 60_000);

	it.each([99_999_999.00000001, -99_999_999.3, 1e8, -1e9, 123_456.789])(
		'has room for elevations of %d m',
		(metres) => {
			const at = (second: number) => ({ metres: metres + second / 1000 });
			expectInside(draw('chart', rideOfSeconds(60, at)));
			expectInside(draw('chart', rideOfSeconds(1, at)));
		},
	);

	it('fails only with a reason', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				for (const kind of KINDS) attempt(kind, value);
			}),
		);
	});

	function attempt(kind: (typeof KINDS)[number], activity: unknown): Scene | undefined {
		try {
			return draw(kind, activity);
		} catch (error) {
			expect(error).toBeInstanceOf(UserError);
			expect(kind).toBe('map');
			return undefined;
		}
	}
});

describe('the map', () => {
	/** How wide the route is in the picture. */
	const widthOfRoute = (activity: Activity) => {
		const lines = draw('map', activity).elements.filter(
			(element) => element.kind === 'line' && element.points.length > 8 && element.width > 9,
		);
		const xs = lines.flatMap((line) => [extentOf(line)[0], extentOf(line)[2]]);
		return Math.max(...xs) - Math.min(...xs);
	};

	it('is in one piece across the date line', () => {
		const east = (second: number) => 179.98 + second * 1e-4;
		const across = short((second) => [-16, east(second) > 180 ? east(second) - 360 : east(second)]);
		const beside = short((second) => [-16, east(second) - 10]);
		expect(widthOfRoute(across)).toBeCloseTo(widthOfRoute(beside), 0);
		expect(marksOf(draw('map', across))).toEqual(['1', '2', '3', '4', '5', '6']);
	});

	it('leaves out a position that the rider cannot have jumped to', () => {
		const along = (second: number): [number, number] => [48, 8 + second * 1e-4];
		const jumping = short((second) => (second === 300 ? [10, 10] : along(second)));
		expect(widthOfRoute(jumping)).toBeCloseTo(widthOfRoute(short(along)), -1);
	});

	it('has one mark if the start and finish of a loop coincide, two otherwise', () => {
		const inks = (activity: Activity) =>
			draw('map', activity).elements.filter(
				({ kind, colour }) => kind === 'area' && colour === '#ffffff',
			).length;
		const loop = (second: number): [number, number] => [
			48 + 0.02 * Math.sin((second / 599) * 2 * Math.PI),
			8 + 0.02 * Math.cos((second / 599) * 2 * Math.PI),
		];
		expect(inks(short(loop))).toBe(1);
		expect(inks(short((second) => [48, 8 + second * 1e-4]))).toBe(2);
	});

	it('marks kilometres or miles, and says how long they are', () => {
		const ride = short((second) => [48, 8 + second * 1e-3], 300);
		const metric = draw('map', ride);
		const imperial = draw('map', ride, { units: 'imperial' });
		expect(marksOf(metric)).toEqual(['5', '10', '15', '20']);
		expect(marksOf(imperial)).toEqual(['2', '4', '6', '8', '10', '12']);
		expect(textsOf(metric)).toContain('5 km');
		expect(textsOf(imperial)).toContain('2 mi');
	});

	it('is coloured by power, then by gradient, then by heart rate', () => {
		const ride = (part: object) =>
			rideOfSeconds(1200, (second) => ({
				watts: 150 + second / 10,
				bpm: 120 + second / 60,
				metres: second > 600 ? second : 600,
				place: [48, 8 + second * 1e-4],
				...part,
			}));
		expect(textsOf(draw('map', ride({})))).toContain('Power');
		expect(textsOf(draw('map', ride({ watts: undefined })))).toContain('Gradient');
		const bare = { watts: undefined, metres: undefined };
		expect(textsOf(draw('map', ride(bare)))).toContain('Heart rate');
		expect(coloursOf(draw('map', ride({ ...bare, bpm: undefined })))).toContain('#f4511e');
	});

	it('shows an indoor ride as a clock, with longer lines for more power', () => {
		const scene = draw('map', indoorRide());
		expect(coloursOf(scene)).not.toContain(START);
		expect(textsOf(scene)).toEqual(expect.arrayContaining(['Average power', 'Power']));
		const lengths = scene.elements
			.filter((element) => element.kind === 'line' && !element.butt)
			.map(({ points }: any) => Math.hypot(points[2] - points[0], points[3] - points[1]));
		expect(lengths).toHaveLength(120);
		expect(Math.max(...lengths)).toBeGreaterThan(4 * Math.min(...lengths));
	});

	it('says what to choose instead if there is nothing to draw', () => {
		expect(() => draw('map', {})).toThrow(UserError);
		expect(() => draw('map', {})).toThrow(/no positions, power or heart rate/);
	});
});

describe('the card', () => {
	it('has the name, the day, six figures and the route', () => {
		const scene = draw('card', longRide());
		expect(textsOf(scene)).toEqual(
			expect.arrayContaining([
				'Grand tour of the Aravis – Col de la Colombière',
				'Road Biking · 14 Jun 2026',
				...['Distance', '147.7', 'km', 'Time', '5:00:00', 'Climbing', '1582', 'm'],
				...['Average power', '192', 'Average heart rate', 'Work'],
			]),
		);
		expect(coloursOf(scene)).toContain(START);
		expect([scene.width, scene.height]).toEqual([1080, 1080]);
	});

	it('uses miles and feet when asked', () => {
		const texts = textsOf(draw('card', longRide(), { units: 'imperial' }));
		expect(texts).toEqual(expect.arrayContaining(['91.8', 'mi', 'ft']));
	});

	it('shows the zones if there are no samples, and larger figures if there are no zones', () => {
		const bare = { ...indoorRide(), power_data: { avg_watts: 200 }, position_data: null } as any;
		bare.heart_rate_data = { summary: { avg_hr_bpm: 140 } };
		const sizeOf = (scene: Scene) =>
			(scene.elements.find(({ text }: any) => text === '200') as Text).size;
		const alone = draw('card', bare);
		bare.heart_rate_data.summary.hr_zone_data = [{ zone: 0, name: 'Easy', duration_seconds: 60 }];
		const zoned = draw('card', bare);
		expect(textsOf(zoned)).toContain('Time in heart rate zones');
		expect(sizeOf(alone)).toBeGreaterThan(sizeOf(zoned));
	});
});
