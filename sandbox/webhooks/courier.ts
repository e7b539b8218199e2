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
import type { FaultBook } from '../faults';
import type { SandboxOptions, SandboxSettings } from '../types';

const DISABLED_AFTER_MS = 24 * 3_600_000;
const BODIES_KEPT = 500;
const BYTES_KEPT = 256 * 1024 * 1024;

/** What the courier needs to know of the sandbox. */
export interface CourierHost {
	readonly options: Required<
		Pick<
			SandboxOptions,
			'ackTimeoutMs' | 'deliveryConcurrency' | 'log' | 'signingSecret' | 'timeScale'
		>
	>;
	readonly settings: Pick<SandboxSettings, 'renewSignatureTime'>;
	readonly faults: Pick<FaultBook, 'forDelivery'>;
	readonly destinations: readonly Destination[];
	now(): number;
	nextOrderingTimestamp(): number;
	/** What is posted for an event: itself, or a ping that leads to it. */
	payloadOf(event: object, destination: Destination | null): object;
	/** A delivery about this connection was accepted. */
	noteWebhook(userId: string | undefined): void;
}

/** An event on its way to one destination, posted until it is accepted. */
interface Outgoing {
	delivery: Delivery;
	destination: Destination | null;
	/** Whose connection the event is about, if anybody's. */
	userId?: string;
	body: Buffer;
	options: SendOptions;
	/** Sent again by hand. */
	resent?: boolean;
	/** `t` of the first attempt. */
	firstTimestamp: number;
}

/** Takes events to their destinations, as often as needed, and writes the ledger. */
export class Courier {
	readonly ledger: Delivery[] = [];

	readonly events = new SentEvents();

	private readonly agents = makeAgents();

	private readonly limiter: Limiter;

	private readonly outgoing = new Map<string, Outgoing>();

	private bytesKept = 0;

	private readonly timers = new Map<NodeJS.Timeout, Delivery>();

	private waitingForQuiet: Array<() => void> = [];

	private pending = 0;

	private closed = false;

	constructor(private readonly host: CourierHost) {
		this.limiter = new Limiter(host.options.deliveryConcurrency);
	}

	/** Starts the event on its way, at once; resolves after the first attempt at every destination. */
	async dispatch(event: object, options: SendOptions = {}): Promise<Delivery[]> {
		const targets = this.targetsOf(typeOf(event), options);
		// What happens while nobody listens is not kept for later.
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
			// A trace ID belongs to one delivery, so only the first destination may have the given one.
			const traceId = (index === 0 ? options.traceId : undefined) ?? randomUUID();
			return await this.start(this.pack(destination, event, sent, { ...options, traceId }));
		});
		return await Promise.all(starts);
	}

	/** Runs the task once the answer under way is out; until then nothing counts as settled. */
	soon(task: () => void): void {
		this.pending++;
		setImmediate(() => {
			task();
			this.release();
		});
	}

	/** Whether the bytes of this delivery can still be sent again. */
	keeps(traceId: string): boolean {
		return this.outgoing.has(traceId);
	}

	/** The kept bytes and trace ID once more, as a new line of the ledger. */
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

	/** To every destination that wants it now; where it went before, as the same delivery. Returns how many. */
	resendEvent(sent: SentEvent, event: object): number {
		const targets = this.targetsOf(sent.type, {});
		for (const destination of targets) {
			const before = [...this.outgoing.values()].find(
				({ delivery }) =>
					delivery.eventId === sent.id && delivery.destinationId === destination?.id,
			);
			if (before) void this.resend(before.delivery.traceId);
			else void this.start(this.pack(destination, event, sent, { traceId: randomUUID() }));
		}
		return targets.length;
	}

	/** Null stands for a fixed address. */
	targetsOf(type: string, options: SendOptions): Array<Destination | null> {
		if (options.destinationUrl) return [null];
		const { destinationId } = options;
		return this.host.destinations.filter((destination) =>
			destinationId === undefined ? wants(destination, type) : destination.id === destinationId,
		);
	}

	async settled(): Promise<void> {
		if (this.pending === 0) return;
		await new Promise<void>((resolve) => this.waitingForQuiet.push(resolve));
	}

	/** Gives up whatever is still waiting for its next attempt. */
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

	private pack(
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

	/** Keeps the latest bodies for resending, within reason. */
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
		// A changed address counts at once, also for what is waiting to be tried again.
		delivery.url = outgoing.options.destinationUrl ?? destination?.url ?? delivery.url;
		const attempt = await this.limiter.run(delivery.url, async () => await this.postOnce(outgoing));
		delivery.attempts.push(attempt);
		const accepted = attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300;
		this.host.options.log(
			`delivery ${delivery.type} ${delivery.traceId}: ${attempt.status ?? attempt.error}`,
		);
		if (destination) this.noteHealth(destination, accepted);
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
		const tried = delivery.attempts.length;
		const gone = destination && !this.host.destinations.includes(destination);
		const gap = gapAfter(tried);
		const last =
			gap === undefined || options.retries === false || gone || destination?.active === false;
		if (last || this.closed) {
			this.finish(delivery, 'gave up');
			return;
		}
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			void this.attempt(outgoing);
		}, gap / this.host.options.timeScale);
		this.timers.set(timer, delivery);
	}

	/** A day without one accepted delivery switches a destination off; one success starts the day anew. */
	private noteHealth(destination: Destination, accepted: boolean): void {
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
		const waiting = this.waitingForQuiet;
		this.waitingForQuiet = [];
		for (const resolve of waiting) resolve();
	}
}
