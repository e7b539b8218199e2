import { asObject, asText } from './json';
import { idText, identityOf, isGlobalType } from './events';

/**
 * The permanent key of a record across all athletes: rows are matched on it.
 *
 * After a reconnection Terra gives the athlete a new user ID and sends every record again, so the key uses what stays:
 * the reference ID (the user ID if there is none), the provider, and the record's own ID.
 *
 * @returns `<reference ID>:<PROVIDER>:<identity>`, or null if the owner or the identity is unknown
 */
export function recordKey(type: string, record: unknown, user: unknown): string | null {
	const identity = identityOf(type, record);
	if (identity === undefined) return null;
	if (isGlobalType(type)) return identity;
	const owner = ownerKey(user);
	if (owner === null) return null;
	return identity === '' ? owner : `${owner}:${identity}`;
}

/** The part of a key that names a person's connections to one provider: `<reference ID>:<PROVIDER>`. */
function ownerKey(user: unknown): string | null {
	const { user_id, reference_id, provider } = asObject(user);
	const owner = idText(reference_id) ?? idText(user_id);
	if (owner === undefined) return null;
	return `${encodeOwner(owner)}:${(asText(provider) ?? '').toUpperCase()}`;
}

/** The owner and the record that a key identifies. */
export interface KeyParts {
	/** A reference ID, or a user ID if there is none. */
	owner: string;
	provider: string;
	identity: string;
}

const KEY = /^([^:]+):([A-Z][A-Z0-9_]*):(.+)$/s;

/** @returns undefined for anything that is not a record's key, such as a bare summary ID */
export function parseKey(key: string): KeyParts | undefined {
	const [, owner, provider, identity] = KEY.exec(key) ?? [];
	if (owner === undefined) return undefined;
	try {
		return { owner: decodeURIComponent(owner), provider: provider!, identity: identity! };
	} catch {
		return undefined;
	}
}

/** Encodes colons, which separate the parts, and a first character that could begin a formula. */
function encodeOwner(owner: string): string {
	return owner.replace(/[%:]|^[^\p{L}\p{N}]/gu, (character) =>
		[...Buffer.from(character)].map((byte) => `%${hex(byte)}`).join(''),
	);
}

const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
