import { randomBytes } from 'node:crypto';

export interface Destination {
	/** A 64-bit number, as text because a JavaScript number cannot hold it. */
	id: string;
	/** Null: an inactive draft. */
	url: string | null;
	/** Null: use the setting `deliveryMode`. */
	delivery: 'ping' | 'push' | null;
	/** Null: sign with the environment's secret. */
	signingSecret: string | null;
	active: boolean;
	/** Null: every type. */
	eventTypes: string[] | null;
	/** Created in the dashboard, not through the Admin API. */
	byHand: boolean;
	metadata: Record<string, unknown>;
	createdAt: number;
	/** When deliveries started to fail, in unix milliseconds; null after a success. */
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

/** Whether the destination accepts this event type. `lab_report` covers both of its events. */
export function wants(destination: Destination, eventType: string): boolean {
	if (!destination.active) return false;
	if (!destination.eventTypes) return true;
	return destination.eventTypes.some(
		(type) => type === eventType || eventType.startsWith(`${type}.`),
	);
}
