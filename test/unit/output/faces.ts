import * as csv from '../../../nodes/Terra/files/csv';
import * as fileName from '../../../nodes/Terra/files/fileName';
import * as fit from '../../../nodes/Terra/files/fit';
import * as gpx from '../../../nodes/Terra/files/gpx';
import * as tcx from '../../../nodes/Terra/files/tcx';
import * as pictures from '../../../nodes/Terra/pictures';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import * as messages from '../../../nodes/Terra/rows/messages';
import { rideRow, type RowContext, type RowOptions } from '../../../nodes/Terra/rows/rideRow';
import type { Units } from '../../../nodes/Terra/ride/units';

/** The outputs, called with an activity as Terra sends it. */

export const activityRow = (
	activity: unknown,
	user?: unknown,
	context?: RowContext,
	options?: RowOptions,
) => rideRow(rideOf(activity, user), context, options);

export const rideSentence = (activity: unknown, units?: Units) =>
	messages.rideSentence(rideOf(activity), units);

export const slackBlocks = (activity: unknown, user?: unknown, units?: Units) =>
	messages.slackBlocks(rideOf(activity, user), units);

export const rideChart = (activity: unknown, options?: pictures.PictureOptions) =>
	pictures.toSvg(pictures.ridePicture('chart', rideOf(activity), options));

export const toFit = (activity: unknown) => fit.toFit(rideOf(activity));

export const toGpx = (activity: unknown) => gpx.toGpx(rideOf(activity));

export const toTcx = (activity: unknown) => tcx.toTcx(rideOf(activity));

export const samplesCsv = (activity: unknown) => csv.samplesCsv(rideOf(activity));

export const fileNameOf = (activity: unknown, extension: string) =>
	fileName.fileNameOf(rideOf(activity), extension);
