import { randomUUID } from 'node:crypto';
import { s3PayloadEvent } from '../events';
import type { World } from '../world';

/** What a ping link leads to, until it expires. */
export interface PingPayload {
	body: string;
	expiresAt: number;
}

/** The event that stands for a data event in ping mode; other events are pushed as they are. */
export function pingFor(world: World, event: object): object | undefined {
	const isData = 'data' in event || 'athlete' in event;
	if (!isData) return undefined;

	const id = randomUUID();
	const expiresIn = world.settings.pingExpiresIn;
	world.pingPayloads.set(id, {
		body: JSON.stringify(event),
		expiresAt: world.now() + expiresIn * 1000,
	});
	const signed = `X-Amz-Expires=${expiresIn}&X-Amz-Signature=${randomUUID()}`;
	const base = world.settings.pingBaseUrl ?? world.url;
	return s3PayloadEvent(`${base}/s3/${id}?${signed}`, expiresIn, id);
}
