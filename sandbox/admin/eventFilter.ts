import type { SentEvent } from '../webhooks/sentEvents';
import type { World } from '../world';
import { AdminProblem, invalid } from './problem';

type Query = Record<string, string | undefined>;

/** A predicate for the filters that both logs share. Lists are comma-separated. */
export function eventFilter(world: World, query: Query): (event: SentEvent) => boolean {
	const { user_id: userId, reference_id: referenceId, summary_id: summaryId } = query;
	if (userId !== undefined) checkUser(world, userId);
	if (referenceId !== undefined) checkReference(world, referenceId);
	const providers = listOf(query['provider']);
	return ({ user, summaryIds }) =>
		(userId === undefined || user?.userId === userId) &&
		(referenceId === undefined || user?.referenceId === referenceId) &&
		(summaryId === undefined || summaryIds.includes(summaryId)) &&
		(!providers || providers.includes(slugOf(user?.provider)));
}

export function listOf(text: string | undefined): string[] | undefined {
	return text
		?.split(',')
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== '');
}

/** The Admin API writes providers in lower case. */
export function slugOf(provider: string | null | undefined): string {
	return (provider ?? '').toLowerCase();
}

export function isUuid(value: unknown): value is string {
	return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

function checkUser(world: World, userId: string): void {
	if (!isUuid(userId)) throw invalid('user_id', 'must be a UUID');
	const known =
		world.find(userId) ?? world.courier.events.all().find(({ user }) => user?.userId === userId);
	if (!known) throw new AdminProblem('not_found', 'user not found');
}

function checkReference(world: World, referenceId: string): void {
	const known =
		world.users.some((user) => user.reference_id === referenceId) ||
		world.courier.events.all().some(({ user }) => user?.referenceId === referenceId);
	if (!known) throw new AdminProblem('not_found', 'no user has this reference ID');
}
