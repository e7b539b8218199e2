import { randomUUID } from 'node:crypto';
import type { World } from '../world';
import type { Destination } from './destinations';
import { wants } from './destinations';
import { Limiter } from './limiter';
import { pingFor } from './ping';
import { makeAgents, post } from './post';
import { gapAfter } from './schedule';
import { signatureHeader } from './signature';
import type { Delivery, DeliveryAttempt, SendOptions } from './types';

const DISABLED_AFTER_MS = 24 * 3_600_000;
const BODIES_KEPT = 500;
const BYTES_KEPT = 256 * 1024 * 1024;

/** What is posted, again and again until it is accepted. */
interface Parcel {
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

	private readonly agents = makeAgents();

	private readonly limiter: Limiter;

	private readonly parcels = new Map<string, Parcel>();

	private bytesKept = 0;

	private readonly timers = new Map<NodeJS.Timeout, Delivery>();

	private waitingForQuiet: Array<() => void> = [];

	private pending = 0;

	private closed = false;

	constructor(private readonly world: World) {
		this.limiter = new Limiter(world.options.deliveryConcurrency);
	}

	/** Starts the event on its way, at once; resolves after the first attempt at every destination. */
	async dispatch(event: object, options: SendOptions = {}): Promise<Delivery[]> {
		const type = 'type' in event && typeof event.type === 'string' ? event.type : '(none)';
		const targets: Array<Destination | null> = options.destinationUrl
			? [null]
			: this.world.destinations.filter((destination) => wants(destination, type));
		const shared = {
			...options,
			reference: options.reference ?? randomUUID(),
			orderingTimestamp:
				options.orderingTimestamp === undefined
					? this.world.nextOrderingTimestamp()
					: options.orderingTimestamp,
		};
		const body = options.body ?? Buffer.from(JSON.stringify(pingFor(this.world, event) ?? event));
		const starts = targets.map(async (destination, index) => {
			// A trace ID belongs to one delivery, so only the first destination may have the given one.
			const traceId = (index === 0 ? options.traceId : undefined) ?? randomUUID();
			const parcel = this.pack(destination, type, body, { ...shared, traceId });
			parcel.userId = userIdIn(event);
			return await this.start(parcel);
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
		return this.parcels.has(traceId);
	}

	/** The kept bytes and trace ID once more, as a new line of the ledger. */
	async resend(traceId: string): Promise<Delivery> {
		const parcel = this.parcels.get(traceId);
		if (!parcel) throw new Error(`No delivery with trace ID ${traceId} is kept`);
		const again: Parcel = {
			...parcel,
			resent: true,
			delivery: {
				...parcel.delivery,
				createdAt: this.world.now(),
				attempts: [],
				outcome: 'pending',
			},
		};
		return await this.start(again);
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
		type: string,
		body: Buffer,
		options: SendOptions & { traceId: string; reference: string },
	): Parcel {
		const now = this.world.now();
		const parcel: Parcel = {
			destination,
			body,
			options,
			firstTimestamp: options.timestampSeconds ?? Math.floor(now / 1000),
			delivery: {
				traceId: options.traceId,
				reference: options.reference,
				type,
				url: options.destinationUrl ?? destination?.url ?? '',
				destinationId: destination?.id ?? null,
				orderingTimestamp: options.orderingTimestamp ?? now,
				bytes: body.length,
				createdAt: now,
				attempts: [],
				outcome: 'pending',
			},
		};
		this.keep(parcel);
		return parcel;
	}

	/** Keeps the latest bodies for resending, within reason. */
	private keep(parcel: Parcel): void {
		const { traceId: added } = parcel.delivery;
		this.bytesKept += parcel.body.length - (this.parcels.get(added)?.body.length ?? 0);
		this.parcels.delete(added);
		this.parcels.set(added, parcel);
		for (const [traceId, oldest] of this.parcels) {
			if (this.parcels.size <= BODIES_KEPT && this.bytesKept <= BYTES_KEPT) return;
			this.parcels.delete(traceId);
			this.bytesKept -= oldest.body.length;
		}
	}

	private async start(parcel: Parcel): Promise<Delivery> {
		this.ledger.push(parcel.delivery);
		this.pending++;
		await this.attempt(parcel);
		return parcel.delivery;
	}

	private async attempt(parcel: Parcel): Promise<void> {
		const { delivery, destination } = parcel;
		// A changed address counts at once, also for what is waiting to be tried again.
		delivery.url = parcel.options.destinationUrl ?? destination?.url ?? delivery.url;
		const attempt = await this.limiter.run(delivery.url, async () => await this.postOnce(parcel));
		delivery.attempts.push(attempt);
		const accepted = attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300;
		this.world.options.log(
			`delivery ${delivery.type} ${delivery.traceId}: ${attempt.status ?? attempt.error}`,
		);
		if (destination) this.judge(destination, accepted);
		if (accepted) this.world.noteWebhook(parcel.userId);
		if (accepted) this.finish(delivery, 'accepted');
		else this.retryLater(parcel);
	}

	private async postOnce(parcel: Parcel): Promise<DeliveryAttempt> {
		const at = this.world.now();
		const started = performance.now();
		const fault = this.world.faults.forDelivery(parcel.delivery.url);
		const result = await post({
			url: parcel.delivery.url,
			headers: this.headersOf(parcel),
			body: parcel.body,
			timeoutMs: this.world.options.ackTimeoutMs,
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
	}: Parcel): Record<string, string> {
		const first = delivery.attempts.length === 0 && !resent;
		const renew = this.world.settings.renewSignatureTime && options.timestampSeconds === undefined;
		const timestamp = first || !renew ? firstTimestamp : Math.floor(this.world.now() / 1000);
		const secret = options.secret ?? destination?.signingSecret ?? this.world.options.signingSecret;
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

	private retryLater(parcel: Parcel): void {
		const { delivery, destination, options } = parcel;
		const tried = delivery.attempts.length;
		const gone = destination && !this.world.destinations.includes(destination);
		const gap = gapAfter(tried);
		const last =
			gap === undefined || options.retries === false || gone || destination?.active === false;
		if (last || this.closed) {
			this.finish(delivery, 'gave up');
			return;
		}
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			void this.attempt(parcel);
		}, gap / this.world.options.timeScale);
		this.timers.set(timer, delivery);
	}

	/** A day without one accepted delivery switches a destination off; one success starts the day anew. */
	private judge(destination: Destination, accepted: boolean): void {
		const now = this.world.now();
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

function userIdIn(event: object): string | undefined {
	const user = 'user' in event ? (event.user as { user_id?: unknown } | null) : undefined;
	return typeof user?.user_id === 'string' ? user.user_id : undefined;
}
