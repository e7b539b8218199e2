interface Connection {
	user_id?: string;
	reference_id?: string | null;
	provider?: string;
}

/** The expected key of a record, built independently of the nodes from its owner, provider and ID. */
export function keyOf(user: Connection | undefined, identity: string | number): string {
	return `${user!.reference_id ?? user!.user_id}:${user!.provider!.toUpperCase()}:${identity}`;
}
