import { randomBytes } from 'node:crypto';

export interface Destination {
	/** A number of 64 bits, which JavaScript's numbers cannot hold. */
	id: string;
	/** Null: a draft, which is not active. */
	url: string | null;
	/** Null: the setting `deliveryMode` decides. */
	delivery: 'ping' | 'push' | null;
	/** Null: the environment's secret signs. */
	signingSecret: string | null;
	active: boolean;
	/** Null: every type. */
	eventTypes: string[] | null;
	/** Made in the dashboard; the Admin API made the others. */
	byHand: boolean;
	metadata: Record<string, unknown>;
	createdAt: number;
	/** Since when nothing was accepted, in unix milliseconds. */
	failingSince: number | null;
}

export function makeDestination(fields: {
	url: string | null;
	now: number;
	byHand: boolean;
	delivery?: 'ping' | 'push' | null;
	signingSecret?: string | null;
	active?: boolean;
	eventTypes?: string[] | null;
	metadata?: Record<string, unknown>;
}): Destination {
	return {
		id: makeId(),
		url: fields.url,
		delivery: fields.delivery ?? null,
		signingSecret: fields.signingSecret === undefined ? makeSecret() : fields.signingSecret,
		active: fields.active ?? true,
		eventTypes: fields.eventTypes ?? null,
		byHand: fields.byHand,
		metadata: fields.metadata ?? {},
		createdAt: fields.now,
		failingSince: null,
	};
}

export function makeSecret(): string {
	return randomBytes(32).toString('hex');
}

function makeId(): string {
	return String(2n ** 60n + (randomBytes(8).readBigUInt64BE() >> 4n));
}

/** `lab_report` stands for both of its events. */
export function wants(destination: Destination, eventType: string): boolean {
	if (!destination.active) return false;
	if (!destination.eventTypes) return true;
	return destination.eventTypes.some(
		(type) => type === eventType || eventType.startsWith(`${type}.`),
	);
}
