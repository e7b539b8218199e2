export interface DeliveryAttempt {
	/** Unix milliseconds. */
	at: number;
	/** HTTP status of the answer; missing when there was none. */
	status?: number;
	/** `timeout`, or the connection's error code. */
	error?: string;
	ms: number;
	/** The first 2,000 characters. */
	responseBody: string;
}

/** One line of the ledger: an event on its way to one destination. */
export interface Delivery {
	traceId: string;
	/** Of the event; its other deliveries share it, and so does this one sent again. */
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

/** Everything about a delivery that a test may want otherwise. */
export interface SendOptions {
	/** A fixed address; without it every matching destination gets the event. */
	destinationUrl?: string;
	/** Only this one gets the event, whatever types it wants. */
	destinationId?: string;
	eventId?: string;
	/** Signs with this secret in place of the destination's. */
	secret?: string;
	traceId?: string;
	reference?: string;
	/** Unix milliseconds; null leaves the header out. */
	orderingTimestamp?: number | null;
	/** The signature's `t`, in unix seconds (any number is signed literally). */
	timestampSeconds?: number;
	/** Added to Terra's headers; null removes one. */
	headers?: Record<string, string | null>;
	/** The signature header's literal text; null sends no signature. */
	signature?: string | null;
	/** The literal bytes to sign and post in place of the event's JSON. */
	body?: Buffer;
	/** Default true: as Terra, try again until accepted. */
	retries?: boolean;
}
