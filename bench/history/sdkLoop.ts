import { TerraClient } from 'terra-api';

/** A program of its own: one window after the other with Terra's official SDK, doubles removed. Prints JSON. */
async function main() {
	const { baseUrl, devId, apiKey, userIds, from, to, daysPerRequest, withSamples } = JSON.parse(
		process.argv[2]!,
	) as Input;
	const client = new TerraClient({ baseUrl, devId, apiKey });
	const DAY = 86_400_000;
	const day = (time: number) => new Date(time).toISOString().slice(0, 10);

	const idle = process.memoryUsage.rss();
	const began = performance.now();
	const rides = new Map<string, object>();
	const end = Date.parse(to) + 2 * DAY;
	for (const user_id of userIds) {
		for (let start = Date.parse(from) - DAY; start < end; start += daysPerRequest * DAY) {
			const answer = (await client.activity.fetch({
				user_id,
				start_date: day(start),
				end_date: day(Math.min(start + daysPerRequest * DAY, end)),
				to_webhook: false,
				with_samples: withSamples,
			})) as { data: Ride[] };
			for (const ride of answer.data) rides.set(ride.metadata.summary_id, ride);
		}
	}
	const seconds = (performance.now() - began) / 1000;
	const peakMegabytes = process.resourceUsage().maxRSS / 1024 - idle / 1024 / 1024;
	console.log(JSON.stringify({ seconds, peakMegabytes, rides: [...rides.keys()] }));
}

interface Ride {
	metadata: { summary_id: string };
}

export interface Input {
	baseUrl: string;
	devId: string;
	apiKey: string;
	userIds: string[];
	from: string;
	to: string;
	daysPerRequest: number;
	withSamples: boolean;
}

void main();
