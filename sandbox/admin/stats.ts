import type { Answer, Call, Endpoint } from './endpoint';
import { ENVIRONMENT } from './endpoint';
import { windowOf } from './timeWindow';

const DAYS_KEPT = 14;

/** Delivery statistics, counted in attempts. */
export const statsEndpoints: Endpoint[] = [
	{
		since: '2026.10',
		method: 'GET',
		path: `${ENVIRONMENT}/webhook-events/stats`,
		scopes: ['events:read'],
		run: stats,
	},
];

function stats({ world, query }: Call): Answer {
	const { since, until } = windowOf(query, world, { default: 1, kept: DAYS_KEPT });
	const { destination, destination_url: url } = query;
	const attempts = world.courier.ledger
		.filter(
			(delivery) =>
				(destination === undefined || delivery.destinationId === destination) &&
				(url === undefined || delivery.url === url),
		)
		.flatMap(({ attempts, bytes }) =>
			attempts.map((attempt, index) => ({ ...attempt, index, bytes })),
		)
		.filter(({ at }) => since <= at && (at < until || query['until'] === undefined));
	const successful = attempts.filter(({ status }) => status !== undefined && isSuccess(status));
	const times = attempts.map(({ ms }) => ms).sort((a, b) => a - b);
	const body = {
		since: new Date(since).toISOString(),
		until: new Date(until).toISOString(),
		view: query['view'] === 'full' ? 'full' : 'basic',
		delivery_attempts: attempts.length,
		successful_attempts: successful.length,
		failed_attempts: attempts.length - successful.length,
		retry_attempts: attempts.filter(({ index }) => index > 0).length,
		bytes: attempts.reduce((sum, { bytes }) => sum + bytes, 0),
		success_rate: attempts.length === 0 ? null : successful.length / attempts.length,
		response_time_samples: times.length,
		p50_response_time_ms: percentile(times, 0.5),
		p95_response_time_ms: percentile(times, 0.95),
		p99_response_time_ms: percentile(times, 0.99),
	};
	return { status: 200, body };
}

function isSuccess(status: number): boolean {
	return status >= 200 && status <= 299;
}

function percentile(sorted: number[], fraction: number): number | null {
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? null;
}
