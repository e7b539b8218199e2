import { UserError } from '../terra/userError';
import { AdminError, type Admin, type Destination } from '../transport';

/** What the trigger wants Terra to have. */
export interface Wanted {
	url: string;
	/** Terra's event types; empty is all. */
	eventTypes: string[];
}

/** What this node knows about Terra's side. */
export interface Known {
	/** Earlier addresses of this node, no longer wanted. */
	formerUrls: string[];
	/** A destination of this node with its own secret, as Terra showed it once. */
	own: { id: string; signingSecret: string } | undefined;
	/** Signing secrets that a person typed into the credential. */
	typedSecrets: string[];
	/** Whether the environment's secret is known. Ask only after the first request: n8n fetches it before that. */
	hasEnvironmentSecret(): Promise<boolean>;
	/** Whether a destination's own secret could be stored; Terra shows it only once. */
	canKeepSecret: boolean;
	/** Called when no destination points to the wanted URL (any more). */
	onNothingThere(): void;
}

/** A destination with its own secret, which Terra shows only now. */
export type Created = { id: string; signingSecret?: string } | undefined;

/**
 * Makes sure that exactly one active destination points to the wanted URL, and that its signature can be verified.
 * Terra's list decides; destinations are identified by their exact URL, and no other is touched. What is right stays
 * unchanged; what is wrong is changed in place, so that no delivery is lost.
 *
 * @returns what was created, if anything
 * @throws AdminError
 */
export async function ensureDestination(
	admin: Admin,
	{ url, eventTypes }: Wanted,
	known: Known,
): Promise<Created> {
	const all = await admin.listDestinations();
	const here = all.filter((one) => one.url === url).sort((a, b) => +b.active - +a.active);
	const former = all.filter(
		(one) => one.url !== url && (known.formerUrls.includes(one.url) || one.id === known.own?.id),
	);
	if (!here[0]?.active) known.onNothingThere();
	const candidate = here[0] ?? former[0];
	const others = [...here, ...former].filter((one) => one !== candidate);

	if (!candidate || !(await canBeVerified(admin, candidate, known))) {
		return await replace(admin, url, [candidate ?? [], others].flat(), known);
	}
	const change = changeOf(candidate, { url, eventTypes });
	if (change && !(await updated(admin, candidate, change))) {
		return await replace(admin, url, [candidate, ...others], known);
	}
	await removeAll(admin, others);
	return undefined;
}

const PUBLISH_AGAIN = new UserError(
	'The webhook at Terra has to be created again',
	'Unpublish this workflow and publish it again.',
);

/** @returns undefined if nothing has to change */
function changeOf(existing: Destination, { url, eventTypes }: Wanted) {
	const lacksEvents =
		existing.eventTypes.length > 0 &&
		(eventTypes.length === 0 || eventTypes.some((type) => !existing.eventTypes.includes(type)));
	if (existing.active && existing.url === url && !lacksEvents) return undefined;
	return {
		active: true,
		...(existing.url !== url && { url }),
		...(lacksEvents && {
			eventTypes:
				eventTypes.length === 0 ? [] : [...new Set([...existing.eventTypes, ...eventTypes])].sort(),
		}),
	};
}

/** @returns false if it is gone, or if this deployment cannot change an address */
async function updated(
	admin: Admin,
	{ id }: Destination,
	change: NonNullable<ReturnType<typeof changeOf>>,
): Promise<boolean> {
	try {
		return await admin.updateDestination(id, change);
	} catch (error) {
		if (change.url !== undefined && error instanceof AdminError && error.status === 400)
			return false;
		return await Promise.reject(error as Error);
	}
}

/** Whether the destination signs with a known secret. */
async function canBeVerified(admin: Admin, { id }: Destination, known: Known): Promise<boolean> {
	const hasTyped = known.typedSecrets.length > 0;
	let secret: string | null;
	try {
		secret = await admin.secretOf(id);
	} catch (error) {
		const cannotTell = error instanceof AdminError && [403, 404, 409].includes(error.status);
		if (!cannotTell) return await Promise.reject(error as Error);
		return known.own?.id === id || hasTyped;
	}
	if (secret === null) return hasTyped || (await known.hasEnvironmentSecret());
	return known.typedSecrets.includes(secret) || known.own?.signingSecret === secret;
}

/**
 * Creates the new destination before it removes the old ones, so that nothing is lost; or after that, if Terra allows only
 * one.
 */
async function replace(
	admin: Admin,
	url: string,
	old: Destination[],
	known: Known,
): Promise<Created> {
	if (!(await known.hasEnvironmentSecret())) {
		// Report a missing scope first: publishing again would not help.
		if (known.typedSecrets.length === 0 || !known.canKeepSecret) await requireKeysScope(admin);
		if (!known.canKeepSecret) throw PUBLISH_AGAIN;
	}
	let created: Created;
	try {
		created = await admin.createDestination(url);
	} catch (error) {
		const isRefused = error instanceof AdminError && [403, 409, 422].includes(error.status);
		if (!isRefused || old.length === 0) return await Promise.reject(error as Error);
		known.onNothingThere();
		await removeAll(admin, old);
		return await admin.createDestination(url);
	}
	await removeAll(admin, old);
	return created;
}

/** @throws AdminError if the token cannot read the secret, which would make every delivery a 401 */
async function requireKeysScope(admin: Admin) {
	let secret: string | undefined;
	try {
		secret = await admin.environmentSecret();
	} catch (error) {
		// An older deployment shows a secret once, when it creates the destination.
		if (error instanceof AdminError && error.isUnknownPath) return;
		return await Promise.reject(error as Error);
	}
	if (secret === undefined) throw new AdminError(200, 'no signing secret');
}

async function removeAll(admin: Admin, destinations: Destination[]) {
	for (const { id } of destinations) await admin.deleteDestination(id);
}
