export interface DeliveryAttempt {
	/** Unix milliseconds. */
	at: number;
	/** HTTP status of the answer; missing if there was none. */
	status?: number;
	/** `timeout`, or the connection's error code. */
	error?: string;
	/** Duration in milliseconds. */
	ms: number;
	/** The first 2,000 characters of the answer. */
	responseBody: string;
}

/** A ledger entry: the delivery of one event to one destination. */
export interface Delivery {
	traceId: string;
	/** Shared by all deliveries of the event, including resends. */
	eventId: string;
	reference: string;
	type: string;
	/** Where the last attempt went. */
	url: string;
	destinationId: string | null;
	orderingTimestamp: number;
	bytes: number;
	createdAt: number;
	attempts: DeliveryAttempt[];
	outcome: 'pending' | 'accepted' | 'gave up';
}

/** What a test can override in a delivery. */
export interface SendOptions {
	/** Sends to this URL only; by default every matching destination gets the event. */
	destinationUrl?: string;
	/** Sends to this destination only, whatever its event types. */
	destinationId?: string;
	eventId?: string;
	/** Signs with this secret instead of the destination's. */
	secret?: string;
	traceId?: string;
	reference?: string;
	/** Unix milliseconds; null omits the header. */
	orderingTimestamp?: number | null;
	/** The signature's `t`, in unix seconds; any number is used unchanged. */
	timestampSeconds?: number;
	/** Added to Terra's headers; null removes one. */
	headers?: Record<string, string | null>;
	/** Literal value of the signature header; null sends no signature. */
	signature?: string | null;
	/** Literal bytes to sign and post instead of the event's JSON. */
	body?: Buffer;
	/** Whether to retry as Terra does until the delivery is accepted. Default true. */
	retries?: boolean;
}
