import { Decoder, Stream } from '@garmin/fitsdk';
import { SportsLib } from '@sports-alliance/sports-lib';
import FitParser from 'fit-file-parser';
import { mean, pairs, sportsRead, sum, type Read } from './readers';

type Message = Record<string, unknown>;

/**
 * The messages that Garmin's own reader finds in a file, by type.
 *
 * @throws Error if the file is not a complete FIT file
 */
export function readFit(file: Buffer): Record<string, Message[]> {
	const decoder = new Decoder(Stream.fromBuffer(file));
	if (!decoder.isFIT()) throw new Error('This is no FIT file');
	if (!decoder.checkIntegrity()) throw new Error('The FIT file is damaged');
	const { messages, errors } = decoder.read();
	if (errors.length > 0) throw errors[0]!;
	return messages as Record<string, Message[]>;
}

function totalsOf(
	laps: readonly Message[],
	records: readonly Message[],
	names: Record<'distance' | 'seconds' | 'watts' | 'pulse' | 'height', string>,
): Read {
	const column = (list: readonly Message[], name: string) =>
		list.map((message) => message[name]).filter((value) => typeof value === 'number');
	const heights = column(records, names.height);
	return {
		distance: sum(column(laps, names.distance)),
		seconds: sum(column(laps, names.seconds)),
		laps: laps.length,
		watts: mean(column(records, names.watts)),
		heartRate: mean(column(records, names.pulse)),
		...(heights.length > 0 && {
			ascent: sum(pairs(heights).map(([from, to]) => Math.max(0, to! - from!))),
		}),
	};
}

/** The programs that read a FIT file. */
export const fitReaders: Readonly<Record<string, (file: Buffer) => Promise<Read>>> = {
	"Garmin's SDK": async (file) => {
		const { lapMesgs, recordMesgs } = readFit(file);
		return totalsOf(lapMesgs!, recordMesgs!, {
			distance: 'totalDistance',
			seconds: 'totalTimerTime',
			watts: 'power',
			pulse: 'heartRate',
			height: 'enhancedAltitude',
		});
	},
	'fit-file-parser': async (file) => {
		const { laps, records } = await new FitParser({ force: false, mode: 'list' }).parseAsync(
			file as Buffer<ArrayBuffer>,
		);
		return totalsOf(laps as never, records as never, {
			distance: 'total_distance',
			seconds: 'total_timer_time',
			watts: 'power',
			pulse: 'heart_rate',
			height: 'enhanced_altitude',
		});
	},
	'sports-lib': async (file) =>
		sportsRead(await SportsLib.importFromFit(file as Buffer<ArrayBuffer>)),
};
