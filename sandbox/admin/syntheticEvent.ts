import { randomUUID } from 'node:crypto';
import { DAY_MS, terraTime } from '../dates';
import { dataEvent } from '../events';
import { recordOf } from '../records';
import { dayOf } from '../records/day';
import { makeRide } from '../rides/activity';
import { planRide } from '../rides/plan';
import { profileFor } from '../rides/profile';
import type { DataType, TerraUser } from '../types';
import type { World } from '../world';

export interface SyntheticRequest {
	type: DataType;
	/** Null: the event has no provider. */
	provider: string | null;
	userId?: string;
	referenceId?: string;
	startMs?: number;
	samples: boolean;
}

/** A test event with one generated record. How Terra marks it is unknown; here it is `synthetic: true`. */
export function syntheticEvent(world: World, request: SyntheticRequest) {
	const user = userFor(world, request);
	const event = dataEvent(request.type, user as TerraUser, [
		recordFor(world, request, user.user_id),
	]);
	return { ...event, synthetic: true };
}

function userFor(world: World, { userId, referenceId, provider }: SyntheticRequest) {
	const known = world.find(userId)?.user;
	return {
		user_id: userId ?? randomUUID(),
		provider: provider?.toUpperCase() ?? null,
		reference_id: referenceId ?? known?.reference_id ?? randomUUID(),
		active: true,
		scopes: null,
		created_at: known?.created_at ?? terraTime(world.now()),
		last_webhook_update: null,
	};
}

function recordFor(world: World, request: SyntheticRequest, userId: string): object {
	const { type } = request;
	const profile = world.find(userId)?.profile ?? profileFor(world.options.seed, 0);
	const withSamples = request.samples && world.hasSamples(type);
	const startMs = request.startMs ?? world.now() - DAY_MS;
	if (type !== 'activity')
		return recordOf(type, dayOf(userId, profile, Math.floor(startMs / DAY_MS), withSamples));
	const plan = planRide({
		seed: world.options.seed,
		userId,
		provider: request.provider ?? 'synthetic',
		key: `synthetic ${randomUUID()}`,
		startMs,
		durationSeconds: 3600,
	});
	return makeRide(plan, profile, withSamples);
}
