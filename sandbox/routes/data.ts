import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { requireKey } from '../access';
import { daysIn, InvalidDate, isLongerThanMonth, parseWindow } from '../dates';
import { problem } from '../problem';
import { athleteOf, recordsOf, supports } from '../records';
import type { DataType } from '../types';
import { DATA_TYPES } from '../types';
import type { Connection } from '../users';
import { deliverLargeRequest, deliverRecords } from '../webhooks/records';
import { athleteEvent } from '../events';
import type { World } from '../world';

type Query = Record<string, string | undefined>;

/** Thrown to answer a data read with a problem. */
class Refused extends Error {
	constructor(
		readonly status: number,
		detail: string,
		readonly title?: string,
	) {
		super(detail);
	}
}

/** The endpoints that read data and the athlete's profile. */
export function dataRoutes(api: FastifyInstance, world: World): void {
	const preHandler = requireKey(world);
	for (const type of DATA_TYPES) {
		api.get(`/${type}`, { preHandler }, async (request, reply) => {
			return await guarded(reply, async () => await readData(world, type, request, reply));
		});
	}
	api.get('/athlete', { preHandler }, async (request, reply) => {
		return await guarded(reply, async () => await readAthlete(world, request, reply));
	});
}

async function guarded(reply: FastifyReply, read: () => Promise<object | undefined>) {
	try {
		return (await read()) ?? reply;
	} catch (error) {
		if (error instanceof Refused)
			problem(
				reply,
				error.status,
				error.message,
				error.title === undefined ? {} : { title: error.title },
			);
		else if (error instanceof InvalidDate) problem(reply, 400, error.message);
		else throw error;
		return reply;
	}
}

async function readData(
	world: World,
	type: DataType,
	request: FastifyRequest,
	reply: FastifyReply,
) {
	const query = request.query as Query;
	const connection = connectionFor(world, query);
	const toWebhook = flag(query, 'to_webhook', true);
	const withSamples = flag(query, 'with_samples', false) && world.hasSamples(type);
	if (world.settings.disabledDataTypes.includes(type)) {
		throw new Refused(400, `${type} data type is not enabled, enable on the dashboard`);
	}
	if (!supports(connection.user.provider, type)) {
		throw new Refused(
			404,
			`${connection.user.provider} does not supply ${type}`,
			'invalid data type',
		);
	}
	const window = parseWindow(query['start_date'], query['end_date']);
	if (!spendDays(world, connection, daysIn(window), reply)) return undefined;

	const large = isLongerThanMonth(window);
	const inline = !toWebhook && !(large && world.settings.longInlineRequest === 'receipt');
	const traceId = randomUUID();
	reply.headers({ 'terra-reference': traceId, 'x-terra-trace-id': traceId });
	const read = () => recordsOf(connection, type, window, withSamples);
	if (inline) return { user: connection.user, data: read(), type };

	deliverLater(world, connection, type, traceId, large, read);
	return receipt(connection, type, traceId, large);
}

async function readAthlete(world: World, request: FastifyRequest, reply: FastifyReply) {
	const query = request.query as Query;
	const connection = connectionFor(world, query);
	const toWebhook = flag(query, 'to_webhook', true);
	if (!spendDays(world, connection, 1, reply)) return undefined;

	const traceId = randomUUID();
	reply.headers({ 'terra-reference': traceId, 'x-terra-trace-id': traceId });
	const athlete = athleteOf(connection);
	if (!toWebhook) return { user: connection.user, athlete, type: 'athlete' };

	void world.courier.dispatch(athleteEvent(connection.user, athlete), {
		reference: traceId,
		traceId,
	});
	return receipt(connection, 'athlete', traceId, false);
}

function connectionFor(world: World, query: Query): Connection {
	if (!query['user_id']) throw new Refused(400, 'user_id is missing');
	const connection = world.find(query['user_id']);
	if (!connection) throw new Refused(404, 'user not found');
	return connection;
}

function flag(query: Query, name: string, fallback: boolean): boolean {
	const text = query[name]?.toLowerCase();
	if (text === undefined || text === '') return fallback;
	if (text === 'true' || text === '1') return true;
	if (text === 'false' || text === '0') return false;
	throw new Refused(400, `invalid ${name}`);
}

/** Charges the days to the rate limit. Returns false if it has answered 429 instead. */
function spendDays(
	world: World,
	connection: Connection,
	days: number,
	reply: FastifyReply,
): boolean {
	const verdict = world.rateLimit.spend(connection.user.user_id, days, world.now(), world.settings);
	if (verdict.allowed) {
		reply.headers({
			'x-terra-ratelimit-limit': String(verdict.limit),
			'x-terra-ratelimit-remaining': String(verdict.remaining),
			'x-terra-ratelimit-reset-after': String(verdict.resetAfterSeconds),
		});
		return true;
	}
	reply.header('x-terra-ratelimit-rule', verdict.rule);
	if (verdict.rule === 'r2') reply.header('retry-after', String(verdict.retryAfterSeconds));
	void reply.code(429).send({ detail: 'rate limit exceeded' });
	return false;
}

/** Like Terra, sends the data only after the request has been answered. */
function deliverLater(
	world: World,
	connection: Connection,
	type: DataType,
	traceId: string,
	large: boolean,
	read: () => object[],
): void {
	world.courier.defer(() => {
		const send = large ? deliverLargeRequest : deliverRecords;
		send(world, connection.user, type, read(), traceId);
	});
}

function receipt(connection: Connection, type: string, traceId: string, large: boolean) {
	return {
		status: 'success',
		type,
		reference: traceId,
		trace_id: traceId,
		...(large && {
			message: 'Large request accepted; the data will be sent to your destination in chunks',
		}),
		user: connection.user,
	};
}
