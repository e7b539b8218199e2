import { asList, asObject, isObject } from '../json';
import type { Question } from '../question';
import { isSuccess, outcomeOf, unsettled } from '../question';
import { shapeOf } from '../shape';

const LISTS = 'Lists of users';

export const userQuestions: Question[] = [
	{
		point: LISTS,
		does: 'asks for the first two users',
		async ask(terra) {
			const reply = await terra.api('/subscriptions', { query: { page: '0', per_page: '2' } });
			if (!isSuccess(reply)) return unsettled(reply, 'GET /subscriptions');
			const body = asObject(reply.body);
			const form = isObject(body.data)
				? 'results inside data'
				: `${listFieldOf(body)} at the top level`;
			return {
				seen: `GET /subscriptions: ${form}`,
				means: 'The nodes understand both forms.',
				shape: shapeOf(reply.body),
			};
		},
	},
	{
		point: LISTS,
		does: 'looks the athlete up by ID, and by reference ID',
		needs: 'athlete',
		async ask(terra) {
			const one = await terra.api('/userInfo', { query: { user_id: terra.access.athlete! } });
			if (!isSuccess(one)) return unsettled(one, 'GET /userInfo');
			const user = asObject(asObject(one.body).user);
			if (typeof user.reference_id !== 'string')
				return {
					seen: 'the athlete has no reference ID',
					means: 'Still open. Try an athlete who has one.',
					shape: shapeOf(one.body),
				};
			const all = await terra.api('/userInfo', { query: { reference_id: user.reference_id } });
			if (!isSuccess(all)) return unsettled(all, 'GET /userInfo?reference_id=');
			return {
				seen: `by reference ID: ${Array.isArray(all.body) ? 'a bare list' : `${listFieldOf(asObject(all.body))} in an object`}`,
				means: 'The nodes understand all three forms.',
				shape: shapeOf(all.body),
			};
		},
	},
	{
		point: 'Freshness',
		does: "asks when the athlete's data last arrived",
		needs: 'athlete',
		async ask(terra) {
			const reply = await terra.api('/userInfo', { query: { user_id: terra.access.athlete! } });
			if (!isSuccess(reply)) return unsettled(reply, 'GET /userInfo');
			const user = asObject(asObject(reply.body).user);
			const times = ['most_recent_data_at', 'last_polled_at', 'last_webhook_update'];
			const filled = times.filter((name) => typeof user[name] === 'string');
			return {
				seen: filled.length === 0 ? 'no time is filled' : `filled: ${filled.join(', ')}`,
				means: filled.some((name) => name !== 'last_polled_at')
					? 'The nodes can tell from the user whose data is late.'
					: 'The nodes can only tell from the rides whose data is late.',
				shape: shapeOf(user),
			};
		},
	},
	{
		point: 'Data tokens',
		does: 'asks for one user with the data token, in two headers',
		needs: 'dataToken',
		async ask(terra) {
			const path = '/subscriptions?page=0&per_page=1';
			const token = terra.access.dataToken!;
			const asKey = await terra.withToken(path, { 'x-api-key': token });
			const asBearer = await terra.withToken(path, { authorization: `Bearer ${token}` });
			return {
				seen: `x-api-key: ${outcomeOf(asKey)}; Authorization: ${outcomeOf(asBearer)}`,
				means: isSuccess(asKey)
					? 'A data token works in the API Key field.'
					: 'The nodes keep using Developer ID and API Key.',
			};
		},
	},
];

/** The name of the field that holds the users. */
function listFieldOf(body: Record<string, unknown>): string {
	return (
		['results', 'users', 'user'].find((name) => name in body) ?? `${asList(body).length} fields`
	);
}
