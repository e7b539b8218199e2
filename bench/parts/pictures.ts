import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as Output from '../../nodes/Terra/output';
import type * as Ride from '../../nodes/Terra/ride/ride';
import { projectFolder } from '../../playground/n8n';
import type { Measured } from '../budgets';
import type { Setting } from '../part';
import { median } from '../statistics';

const FIVE_HOURS = 5 * 3600;

/** The compiled code, as published. */
const published = createRequire(join(projectFolder, 'dist/nodes/Terra/'));
const { rideFile, bytesOf, PICTURES } = published('./output/index.js') as typeof Output;
const { rideOf } = published('./ride/ride.js') as typeof Ride;

/** The highest CPU time and size among the pictures of a five-hour ride, after a warm-up. */
export async function measurePictures({ sandbox, quick }: Setting): Promise<Measured> {
	const { activity } = await sandbox.finishRide({
		deliver: false,
		durationSeconds: FIVE_HOURS,
		withSamples: true,
	});
	let [pictureMs, pictureBytes] = [0, 0];
	for (const kind of PICTURES) {
		const times: number[] = [];
		for (let time = 0; time < (quick ? 2 : 15); time++) {
			const ride = rideOf(activity);
			ride.track();
			const before = process.cpuUsage();
			const options = { units: 'metric', theme: 'light', picture: 'png' } as const;
			const bytes = await bytesOf(rideFile(kind, ride, options).content);
			const { user, system } = process.cpuUsage(before);
			if (time > 0) times.push((user + system) / 1000);
			pictureBytes = Math.max(pictureBytes, bytes.length);
		}
		pictureMs = Math.max(pictureMs, median(times));
	}
	return { pictureMs, pictureBytes };
}
