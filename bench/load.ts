import autocannon from 'autocannon';

import type { Delivery } from './deliveries';

export interface Answers {
	/** Number of answers by HTTP status. */
	statuses: Record<number, number>;
	/** Connection errors and timeouts. */
	failures: number;
	/** Unix milliseconds. */
	firstSent: number;
	lastAnswered: number;
	/** Response times in milliseconds. */
	latency: { median: number; slowest: number };
}

const timeoutSeconds = 300;

/** Sends each delivery once, as fast as they are answered. Each URL gets an equal share and `connections` connections. */
export async function send(
	deliveries: Delivery[],
	urls: string[],
	connections: number,
): Promise<Answers> {
	const share = Math.ceil(deliveries.length / urls.length);
	const firstSent = Date.now();
	const all = await Promise.all(
		urls.map((url, index) =>
			sendTo(url, deliveries.slice(index * share, (index + 1) * share), connections),
		),
	);
	const statuses: Record<number, number> = {};
	for (const one of all) {
		for (const [status, count] of Object.entries(one.statuses)) {
			statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count;
		}
	}
	return {
		statuses,
		failures: sum(all.map(({ failures }) => failures)),
		firstSent,
		lastAnswered: Math.max(...all.map(({ lastAnswered }) => lastAnswered)),
		latency: {
			median: sum(all.map(({ latency }) => latency.median)) / all.length,
			slowest: Math.max(...all.map(({ latency }) => latency.slowest)),
		},
	};
}

async function sendTo(url: string, deliveries: Delivery[], maxConnections: number) {
	const connections = Math.min(maxConnections, deliveries.length);
	const statuses: Record<number, number> = {};
	let next = 0;
	let lastAnswered = Date.now();

	const result = await new Promise<autocannon.Result>((resolve, reject) => {
		const instance = autocannon(
			{
				url,
				connections,
				amount: deliveries.length,
				timeout: timeoutSeconds,
				requests: [
					{
						method: 'POST',
						setupRequest: (request) => {
							const { headers, body } = deliveries[next++]!;
							return { ...request, headers, body };
						},
					},
				],
			},
			(error: unknown, outcome) => (error ? reject(error as Error) : resolve(outcome)),
		);
		instance.on('response', (_client, status) => {
			statuses[status] = (statuses[status] ?? 0) + 1;
			lastAnswered = Date.now();
		});
	});
	const { errors, timeouts, latency } = result;
	return {
		statuses,
		failures: errors + timeouts,
		lastAnswered,
		latency: { median: latency.p50, slowest: latency.max },
	};
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
