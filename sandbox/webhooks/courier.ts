import { randomUUID } from 'node:crypto';
import type { Destination } from './destinations';
import { wants } from './destinations';
import { Limiter } from './limiter';
import { makeAgents, post } from './post';
import { gapAfter } from './schedule';
import type { SentEvent } from './sentEvents';
import { SentEvents, typeOf } from './sentEvents';
import { signatureHeader } from './signature';
import type { Delivery, DeliveryAttempt, SendOptions } from './types';
import type { FaultList } from '../faults';
import type { SandboxOptions, SandboxSettings } from '../types';

const DISABLED_AFTER_MS = 24 * 3_600_000;
const BODIES_KEPT = 500;
const BYTES_KEPT = 256 * 1024 * 1024;

/** What the courier needs from the sandbox. */
export interface CourierHost {
	readonly options: Required<
		Pick<
			SandboxOptions,
			'ackTimeoutMs' | 'deliveryConcurrency' | 'log' | 'signingSecret' | 'timeScale'
		>
	>;
	readonly settings: Pick<SandboxSettings, 'renewSignatureTime'>;
	readonly faults: Pick<FaultList, 'forDelivery'>;
	readonly destinations: readonly Destination[];
	now(): number;
	nextOrderingTimestamp(): number;
	/** What to post for an event: the event itself, or a ping that links to it. */
	payloadOf(event: object, destination: Destination | null): object;
	/** Called when a delivery about this user was accepted. */
	noteWebhook(userId: string | undefined): void;
}

/** A delivery of an event to one destination, with what is needed to retry and resend it. */
interface Outgoing {
	delivery: Delivery;
	destination: Destination | null;
	/** The user that the event is about, if any. */
	userId?: string;
	body: Buffer;
	options: SendOptions;
	/** Whether this is a manual resend. */
	resent?: boolean;
	/** The `t` of the first attempt's signature, in unix seconds. */
	firstTimestamp: number;
}

/** Delivers events to their destinations, retries, and records every delivery in the ledger. */
export class Courier {
	readonly ledger: Delivery[] = [];

	readonly events = new SentEvents();

	private readonly agents = makeAgents();

	private readonly limiter: Limiter;

	private readonly outgoing = new Map<string, Outgoing>();

	private bytesKept = 0;

	private readonly timers = new Map<NodeJS.Timeout, Delivery>();

	private settledListeners: Array<() => void> = [];

	private pending = 0;

	private closed = false;

	constructor(private readonly host: CourierHost) {
		this.limiter = new Limiter(host.options.deliveryConcurrency);
	}

	/** Delivers an event; resolves after the first attempt at every destination. */
	async dispatch(event: object, options: SendOptions = {}): Promise<Delivery[]> {
		const targets = this.targetsOf(typeOf(event), options);
		// Without a destination the event is dropped.
		if (targets.length === 0) return [];
		const sent = this.events.add(event, {
			id: options.eventId ?? randomUUID(),
			createdAt: this.host.now(),
			payload: options.body ?? Buffer.from(JSON.stringify(event)),
			reference: options.reference ?? randomUUID(),
			orderingTimestamp:
				options.orderingTimestamp === undefined
					? this.host.nextOrderingTimestamp()
					: options.orderingTimestamp,
		});
		const starts = targets.map(async (destination, index) => {
			// A trace ID identifies one delivery, so only the first destination gets the given one.
			const traceId = (index === 0 ? options.traceId : undefined) ?? randomUUID();
			return await this.start(this.prepare(destination, event, sent, { ...options, traceId }));
		});
		return await Promise.all(starts);
	}

	/** Runs the task after the current request has been answered. Until then `settled` does not resolve. */
	defer(task: () => void): void {
		this.pending++;
		setImmediate(() => {
			task();
			this.release();
		});
	}

	/** Whether the body of this delivery is still kept. */
	canResend(traceId: string): boolean {
		return this.outgoing.has(traceId);
	}

	/** Sends the same bytes with the same trace ID again, as a new ledger entry. */
	async resend(traceId: string): Promise<Delivery> {
		const outgoing = this.outgoing.get(traceId);
		if (!outgoing) throw new Error(`No delivery with trace ID ${traceId} is kept`);
		const again: Outgoing = {
			...outgoing,
			resent: true,
			delivery: {
				...outgoing.delivery,
				createdAt: this.host.now(),
				attempts: [],
				outcome: 'pending',
			},
		};
		return await this.start(again);
	}

	/**
	 * Sends an event again to every destination that accepts its type now, with the same trace ID where it went before.
	 *
	 * @returns the number of destinations
	 */
	resendEvent(sent: SentEvent, event: object): number {
		const targets = this.targetsOf(sent.type, {});
		for (const destination of targets) {
			const before = [...this.outgoing.values()].find(
				({ delivery }) =>
					delivery.eventId === sent.id && delivery.destinationId === destination?.id,
			);
			if (before) void this.resend(before.delivery.traceId);
			else void this.start(this.prepare(destination, event, sent, { traceId: randomUUID() }));
		}
		return targets.length;
	}

	/** The destinations that get an event; null stands for `options.destinationUrl`. */
	targetsOf(type: string, options: SendOptions): Array<Destination | null> {
		if (options.destinationUrl) return [null];
		const { destinationId } = options;
		return this.host.destinations.filter((destination) =>
			destinationId === undefined ? wants(destination, type) : destination.id === destinationId,
		);
	}

	async settled(): Promise<void> {
		if (this.pending === 0) return;
		await new Promise<void>((resolve) => this.settledListeners.push(resolve));
	}

	/** Gives up every delivery that is waiting for a retry. */
	close(): void {
		this.closed = true;
		for (const [timer, delivery] of this.timers) {
			clearTimeout(timer);
			this.finish(delivery, 'gave up');
		}
		this.timers.clear();
		this.agents.http.destroy();
		this.agents.https.destroy();
	}

	private prepare(
		destination: Destination | null,
		event: object,
		sent: SentEvent,
		options: SendOptions & { traceId: string },
	): Outgoing {
		const now = this.host.now();
		const posted = this.host.payloadOf(event, destination);
		const body = posted === event ? sent.payload : undefined;
		const outgoing: Outgoing = {
			destination,
			userId: sent.user?.userId,
			body: options.body ?? body ?? Buffer.from(JSON.stringify(posted)),
			options: { ...options, orderingTimestamp: sent.orderingTimestamp },
			firstTimestamp: options.timestampSeconds ?? Math.floor(now / 1000),
			delivery: {
				traceId: options.traceId,
				eventId: sent.id,
				reference: sent.reference,
				type: sent.type,
				url: options.destinationUrl ?? destination?.url ?? '',
				destinationId: destination?.id ?? null,
				orderingTimestamp: sent.orderingTimestamp ?? now,
				bytes: 0,
				createdAt: now,
				attempts: [],
				outcome: 'pending',
			},
		};
		outgoing.delivery.bytes = outgoing.body.length;
		this.keep(outgoing);
		return outgoing;
	}

	/** Keeps the latest bodies for resending, up to a limit in number and bytes. */
	private keep(outgoing: Outgoing): void {
		const { traceId: added } = outgoing.delivery;
		this.bytesKept += outgoing.body.length - (this.outgoing.get(added)?.body.length ?? 0);
		this.outgoing.delete(added);
		this.outgoing.set(added, outgoing);
		for (const [traceId, oldest] of this.outgoing) {
			if (this.outgoing.size <= BODIES_KEPT && this.bytesKept <= BYTES_KEPT) return;
			this.outgoing.delete(traceId);
			this.events.forgetPayload(oldest.delivery.eventId);
			this.bytesKept -= oldest.body.length;
		}
	}

	private async start(outgoing: Outgoing): Promise<Delivery> {
		this.ledger.push(outgoing.delivery);
		this.pending++;
		await this.attempt(outgoing);
		return outgoing.delivery;
	}

	private async attempt(outgoing: Outgoing): Promise<void> {
		const { delivery, destination } = outgoing;
		// A retry goes to the destination's current URL.
		delivery.url = outgoing.options.destinationUrl ?? destination?.url ?? delivery.url;
		const attempt = await this.limiter.run(delivery.url, async () => await this.postOnce(outgoing));
		delivery.attempts.push(attempt);
		const accepted = attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300;
		this.host.options.log(
			`delivery ${delivery.type} ${delivery.traceId}: ${attempt.status ?? attempt.error}`,
		);
		if (destination) this.trackHealth(destination, accepted);
		if (accepted) this.host.noteWebhook(outgoing.userId);
		if (accepted) this.finish(delivery, 'accepted');
		else this.retryLater(outgoing);
	}

	private async postOnce(outgoing: Outgoing): Promise<DeliveryAttempt> {
		const at = this.host.now();
		const started = performance.now();
		const fault = this.host.faults.forDelivery(outgoing.delivery.url);
		const result = await post({
			url: outgoing.delivery.url,
			headers: this.headersOf(outgoing),
			body: outgoing.body,
			timeoutMs: this.host.options.ackTimeoutMs,
			agents: this.agents,
			fault,
		});
		return { at, ms: Math.round(performance.now() - started), ...result };
	}

	private headersOf({
		destination,
		body,
		options,
		delivery,
		resent,
		firstTimestamp,
	}: Outgoing): Record<string, string> {
		const first = delivery.attempts.length === 0 && !resent;
		const renew = this.host.settings.renewSignatureTime && options.timestampSeconds === undefined;
		const timestamp = first || !renew ? firstTimestamp : Math.floor(this.host.now() / 1000);
		const secret = options.secret ?? destination?.signingSecret ?? this.host.options.signingSecret;
		const signature =
			options.signature === undefined
				? signatureHeader(secret, body, timestamp)
				: options.signature;
		const ordering = options.orderingTimestamp;
		const all: Record<string, string | null> = {
			'content-type': 'application/json',
			'user-agent': 'terra-sandbox',
			'x-terra-signature': signature,
			'terra-signature': signature,
			'terra-reference': delivery.reference,
			'x-terra-trace-id': delivery.traceId,
			'x-terra-ordering-timestamp': ordering === null ? null : String(delivery.orderingTimestamp),
			...options.headers,
		};
		return Object.fromEntries(
			Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
		);
	}

	private retryLater(outgoing: Outgoing): void {
		const { delivery, destination, options } = outgoing;
		const removed = destination && !this.host.destinations.includes(destination);
		const delay = gapAfter(delivery.attempts.length);
		const last =
			delay === undefined || options.retries === false || removed || destination?.active === false;
		if (last || this.closed) {
			this.finish(delivery, 'gave up');
			return;
		}
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			void this.attempt(outgoing);
		}, delay / this.host.options.timeScale);
		this.timers.set(timer, delivery);
	}

	/** Disables a destination after a day without an accepted delivery. */
	private trackHealth(destination: Destination, accepted: boolean): void {
		const now = this.host.now();
		if (accepted) destination.failingSince = null;
		else destination.failingSince ??= now;
		const failingFor = now - (destination.failingSince ?? now);
		if (failingFor >= DISABLED_AFTER_MS) destination.active = false;
	}

	private finish(delivery: Delivery, outcome: 'accepted' | 'gave up'): void {
		delivery.outcome = outcome;
		this.release();
	}

	private release(): void {
		this.pending--;
		if (this.pending > 0) return;
		const listeners = this.settledListeners;
		this.settledListeners = [];
		for (const resolve of listeners) resolve();
	}
}
