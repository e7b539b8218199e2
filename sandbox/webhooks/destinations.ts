import { randomBytes, randomUUID } from 'node:crypto';

export interface Destination {
	id: string;
	url: string;
	signingSecret: string;
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
	url: string;
	now: number;
	byHand: boolean;
	signingSecret?: string;
	active?: boolean;
	eventTypes?: string[] | null;
	metadata?: Record<string, unknown>;
}): Destination {
	return {
		id: `dst_${randomUUID()}`,
		url: fields.url,
		signingSecret: fields.signingSecret ?? randomBytes(32).toString('hex'),
		active: fields.active ?? true,
		eventTypes: fields.eventTypes ?? null,
		byHand: fields.byHand,
		metadata: fields.metadata ?? {},
		createdAt: fields.now,
		failingSince: null,
	};
}

/** `lab_report` stands for both of its events. */
export function wants(destination: Destination, eventType: string): boolean {
	if (!destination.active) return false;
	if (!destination.eventTypes) return true;
	return destination.eventTypes.some(
		(type) => type === eventType || eventType.startsWith(`${type}.`),
	);
}
