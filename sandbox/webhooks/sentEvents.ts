/** An event, independent of its deliveries. */
export interface SentEvent {
	/** A UUID. */
	id: string;
	type: string;
	/** Unix milliseconds. */
	createdAt: number;
	/** The user at the time of the event; missing if the event has none. */
	user?: { userId: string; provider: string | null; referenceId: string | null };
	/** Summary IDs of the event's records. */
	summaryIds: string[];
	/** The event itself, even if a ping was posted; missing when it is no longer kept. */
	payload?: Buffer;
	/** The reference and ordering timestamp in the headers of all its deliveries. */
	reference: string;
	orderingTimestamp: number | null;
}

/** Every event, oldest first. */
export class SentEvents {
	private readonly byId = new Map<string, SentEvent>();

	add(
		event: object,
		fields: Pick<SentEvent, 'createdAt' | 'id' | 'orderingTimestamp' | 'payload' | 'reference'>,
	): SentEvent {
		const sent = { ...fields, type: typeOf(event), user: userOf(event), summaryIds: idsIn(event) };
		this.byId.set(sent.id, sent);
		return sent;
	}

	get(id: string): SentEvent | undefined {
		return this.byId.get(id);
	}

	all(): SentEvent[] {
		return [...this.byId.values()];
	}

	forgetPayload(id: string): void {
		delete this.byId.get(id)?.payload;
	}
}

/** The event's body; undefined if it is no longer kept or is not JSON. */
export function eventIn({ payload }: SentEvent): object | undefined {
	try {
		return payload && (JSON.parse(payload.toString()) as object);
	} catch {
		return undefined;
	}
}

export function typeOf(event: object): string {
	return 'type' in event && typeof event.type === 'string' ? event.type : '(none)';
}

function userOf(event: object): SentEvent['user'] {
	const user = 'user' in event ? (event.user as Record<string, unknown> | null) : undefined;
	if (typeof user?.['user_id'] !== 'string') return undefined;
	return {
		userId: user['user_id'],
		provider: textOrNull(user['provider']),
		referenceId: textOrNull(user['reference_id']),
	};
}

function textOrNull(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}

function idsIn(event: object): string[] {
	const records = 'data' in event && Array.isArray(event.data) ? event.data : [];
	return records
		.map((record: { metadata?: { summary_id?: unknown } } | null) => record?.metadata?.summary_id)
		.filter((id) => typeof id === 'string');
}
