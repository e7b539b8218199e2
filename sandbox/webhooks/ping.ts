import { randomUUID } from 'node:crypto';
import { s3PayloadEvent } from '../events';
import type { World } from '../world';

/** The content of a ping link. */
export interface PingPayload {
	body: string;
	/** Unix milliseconds. */
	expiresAt: number;
}

/** The ping that replaces a data event in ping mode; undefined for other events, which are pushed. */
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
