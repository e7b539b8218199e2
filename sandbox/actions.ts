import { authEvent, dataEvent, deauthEvent } from './events';
import type { Ride } from './rides/activity';
import { makeRide } from './rides/activity';
import { planRide } from './rides/plan';
import type { Activity, FinishRideOptions, SandboxUserSeed, TerraUser } from './types';
import type { Delivery, SendOptions } from './webhooks/types';
import type { World } from './world';

/** By default the ride ends now. The history has its samples either way. */
export async function finishRide(
	world: World,
	options: FinishRideOptions = {},
): Promise<{ activity: Ride; delivery?: Delivery }> {
	const userId = options.userId ?? world.users[0]?.user_id ?? '';
	const { user, profile, history } = world.connectionOf(userId);
	const durationSeconds = options.durationSeconds ?? 3600;
	const startMs = options.startTime?.getTime() ?? world.now() - durationSeconds * 1000;
	const plan = planRide({
		seed: world.options.seed,
		userId,
		provider: user.provider,
		key: `finished ${++world.finishedRides} ${startMs}`,
		startMs,
		durationSeconds,
		indoor: options.indoor ?? false,
	});
	if (options.startTime === undefined) plan.startMs -= plan.stop.seconds * 1000;
	history.finish(plan);
	world.lastRides.set(userId, plan.summaryId);
	const withSamples = options.withSamples === true && world.hasSamples('activity');
	const activity = makeRide(plan, profile, withSamples);
	if (options.deliver === false) return { activity };
	return { activity, delivery: await deliverActivity(world, user, activity) };
}

/** See `Sandbox.updateActivity`. */
export async function updateActivity(
	world: World,
	userId: string,
	summaryId: string,
	change: object | undefined,
	options: { withSamples?: boolean; deliver?: boolean } = {},
): Promise<{ activity: Activity; delivery?: Delivery }> {
	const { user, history } = world.connectionOf(userId);
	const before = history.find(summaryId, false);
	if (!before) throw new Error(`User ${userId} has no activity ${summaryId}`);
	const renamed = { metadata: { name: `${String(before.metadata['name'] ?? 'Ride')} (renamed)` } };
	history.change(summaryId, change ?? renamed);
	const withSamples = options.withSamples === true && world.hasSamples('activity');
	const activity = history.find(summaryId, withSamples) ?? before;
	if (options.deliver === false) return { activity };
	return { activity, delivery: await deliverActivity(world, user, activity) };
}

/** Connects a user, as a connection link does, and sends the `auth` event. */
export async function connectUser(
	world: World,
	seed: SandboxUserSeed = {},
): Promise<{ user: TerraUser; delivery?: Delivery }> {
	const user = world.addUser(seed);
	const [delivery] = await world.courier.dispatch(authEvent(user));
	return { user, delivery };
}

/** Disconnects a user and sends the `deauth` event. */
export async function disconnectUser(
	world: World,
	userId: string,
): Promise<{ user: TerraUser; delivery?: Delivery }> {
	const { user } = world.connectionOf(userId);
	world.removeUser(userId);
	const [delivery] = await world.courier.dispatch(deauthEvent(user));
	return { user, delivery };
}

async function deliverActivity(
	world: World,
	user: TerraUser,
	activity: object,
): Promise<Delivery | undefined> {
	const [first] = await world.courier.dispatch(dataEvent('activity', user, [activity]));
	return first;
}

/** Sends any event to every matching destination, or to one fixed address. */
export async function send(
	world: World,
	event: object,
	options: SendOptions = {},
): Promise<Delivery> {
	const [first] = await world.courier.dispatch(event, options);
	if (!first) throw new Error('No destination accepts this event; call setDestination first');
	return first;
}
