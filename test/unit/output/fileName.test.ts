import fc from 'fast-check';
import { fileNameOf } from './faces';

const ride = (name: unknown, start_time: unknown = '2026-11-21T09:00:00+01:00', type = 16) => ({
	metadata: { name, start_time, type },
});

describe('the name of a file', () => {
	it("is the athlete's day and the ride's name", () => {
		expect(fileNameOf(ride('Girona sweet-spot loop'), 'gpx')).toBe(
			'2026-11-21 Girona sweet-spot loop.gpx',
		);
	});

	const names: Array<[string, unknown, string]> = [
		['nothing', null, '2026-11-21 Road Biking.tcx'],
		['only spaces', '   ', '2026-11-21 Road Biking.tcx'],
		['only what no file system takes', '///', '2026-11-21 Road Biking.tcx'],
		['a path', '../../etc/passwd', '2026-11-21 etc passwd.tcx'],
		['a path of Windows', 'C:\\rides\\1', '2026-11-21 C rides 1.tcx'],
		['markup', '<b>"A" & B?</b>', '2026-11-21 b A & B b.tcx'],
		['line breaks', 'Up\r\nand\tdown', '2026-11-21 Up and down.tcx'],
		['dots at its ends', '...Hard. ', '2026-11-21 Hard.tcx'],
		['an emoji of several parts', 'Ride 🚴‍♀️ 👩‍👧', '2026-11-21 Ride 🚴‍♀️ 👩‍👧.tcx'],
		['half an emoji', 'Ride \ud83d', '2026-11-21 Ride.tcx'],
		['a reversed extension', 'ride\u202Exct.exe', '2026-11-21 ride xct.exe.tcx'],
		[
			'letters in two ways of writing',
			'Col de la Cre\u0301maille\u0300re',
			'2026-11-21 Col de la Crémaillère.tcx',
		],
	];
	it.each(names)('is safe for a ride called by %s', (_what, name, expected) => {
		expect(fileNameOf(ride(name), 'tcx')).toBe(expected);
	});

	it('works without a day', () => {
		expect(fileNameOf(ride('Loop', null), 'csv')).toBe('Loop.csv');
		expect(fileNameOf({}, 'csv')).toBe('Activity.csv');
	});

	it('is never a reserved device name of Windows', () => {
		expect(fileNameOf(ride('COM1', null), 'csv')).toBe('COM1_.csv');
	});

	it('is accepted by every file system, whatever the ride is called', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
				const fileName = fileNameOf(ride(name), 'gpx');
				expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);
				expect(fileName).toMatch(/^2026-11-21 \S.*\S?\.gpx$/su);
				expect(fileName).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cs}]/u);
				expect(fileName).not.toMatch(/[. ]\.gpx$/);
			}),
		);
	});
});
