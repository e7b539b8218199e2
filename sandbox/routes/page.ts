import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connectUser, disconnectUser, finishRide, send, updateActivity } from '../actions';
import type { Fault } from '../faults';
import { stateOf } from '../page/state';
import { problem } from '../problem';
import { registerUnder } from '../registerUnder';
import type { AdminToken, SandboxSettings, SandboxUserSeed } from '../types';
import type { SendOptions } from '../webhooks/types';
import type { World } from '../world';

/** The web page, and the JSON API that the page and other processes use to control the sandbox. */
export function pageRoutes(app: FastifyInstance, world: World): void {
	app.get('/', async (_request, reply) => {
		return await reply.type('text/html').send(page());
	});

	registerUnder(app, '/sandbox', (control) => {
		control.setErrorHandler((error: Error, _request, reply) => problem(reply, 400, error.message));
		controlRoutes(control, world);
	});
}

/** The page as one file, with its style and script inlined. */
function page(): string {
	const read = (name: string) =>
		readFileSync(path.join(__dirname, '..', 'page', name), 'utf8').trimEnd();
	return read('index.html').replace(/\/\* (style\.css|script\.js) \*\//g, (_all, name: string) =>
		read(name),
	);
}

function controlRoutes(control: FastifyInstance, world: World): void {
	control.get('/state', async () => stateOf(world));

	control.post<{ Body: RideRequest }>('/rides', async ({ body }) => {
		const { startTime, ...rest } = body ?? {};
		const when = startTime === undefined ? undefined : new Date(startTime);
		return await finishRide(world, { ...rest, startTime: when });
	});

	control.post<{ Body: UpdateRequest }>('/updates', async ({ body }) => {
		const { userId, summaryId, change, ...options } = body;
		return await updateActivity(world, userId, summaryId, change, options);
	});

	control.post<{ Body: { url: string | null } }>('/destination', async ({ body }) => {
		if (body.url !== null && !URL.canParse(body.url)) throw new Error('This is not a URL');
		world.setDestination(body.url);
		return stateOf(world);
	});

	control.post<{ Body: { traceId: string } }>(
		'/resend',
		async ({ body }) => await world.courier.resend(body.traceId),
	);

	control.post<{ Body: EventRequest }>('/events', async ({ body }) => {
		const { bodyText, ...options } = body.options ?? {};
		const bytes = bodyText === undefined ? undefined : Buffer.from(bodyText);
		return await send(world, body.event, { ...options, body: bytes });
	});

	control.post<{ Body: SandboxUserSeed }>('/users', async ({ body }) => world.addUser(body ?? {}));

	control.post<{ Body: SandboxUserSeed }>('/connect', async ({ body }) => {
		return await connectUser(world, body ?? {});
	});

	control.post<{ Body: { userId: string } }>('/disconnect', async ({ body }) => {
		return await disconnectUser(world, body.userId);
	});

	control.post<{ Body: { seconds: number } }>('/silence', async ({ body }) => {
		world.silentUntil = world.now() + body.seconds * 1000;
		return stateOf(world);
	});

	control.patch<{ Body: Partial<SandboxSettings> }>('/settings', async ({ body }) =>
		Object.assign(world.settings, body),
	);

	control.post<{ Body: Fault }>('/faults', async ({ body }) => {
		world.faults.add(body);
		return { status: 'success' };
	});

	control.delete('/faults', async () => {
		world.faults.clear();
		return { status: 'success' };
	});

	control.post<{ Body: TokenRequest }>('/tokens', async ({ body }) => {
		const { token, ...limits } = body;
		if (typeof token !== 'string') throw new Error('token is missing');
		world.addAdminToken(token, { ...limits, expiresAt: limits.expiresAt ?? Infinity });
		return { status: 'success' };
	});

	control.delete<{ Body: { token: string } }>('/tokens', async ({ body }) => {
		world.adminTokens.delete(body.token);
		return { status: 'success' };
	});

	control.get('/requests', async () => world.requests);
}

/** JSON has no Infinity, so `expiresAt: null` means that the token never expires. */
type TokenRequest = Partial<Omit<AdminToken, 'expiresAt'>> & {
	token: string;
	expiresAt?: number | null;
};

interface RideRequest {
	userId?: string;
	startTime?: string;
	durationSeconds?: number;
	indoor?: boolean;
	withSamples?: boolean;
	deliver?: boolean;
}

interface UpdateRequest {
	userId: string;
	summaryId: string;
	change?: object;
	withSamples?: boolean;
	deliver?: boolean;
}

interface EventRequest {
	event: object;
	options?: Omit<SendOptions, 'body'> & { bodyText?: string };
}
