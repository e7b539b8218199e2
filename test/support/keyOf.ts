interface Connection {
	user_id?: string;
	reference_id?: string | null;
	provider?: string;
}

/** What rows of this record are matched on, written down a second time: whose it is, where from, which. */
export function keyOf(user: Connection | undefined, identity: string | number): string {
	return `${user!.reference_id ?? user!.user_id}:${user!.provider!.toUpperCase()}:${identity}`;
}
