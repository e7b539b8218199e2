import { asList, asObject } from '../json';
import type { Question } from '../question';
import { isSuccess, outcomeOf, unsettled } from '../question';
import { filledFields, shapeOf } from '../shape';
import type { Reply, Terra } from '../terra';

const DESTINATIONS = '~/unified-api/destinations';
const needs = 'admin';
/** A domain reserved for examples, where nothing receives webhooks. */
const UNUSED_URL = 'https://example.com/n8n-nodes-terra-rehearsal';

export const adminQuestions: Question[] = [
	{
		point: 'Log of events',
		does: "reads the Admin token's scopes, and one row of each event log",
		needs,
		async ask(terra) {
			const me = await terra.admin('/me');
			const newer = await terra.admin('~/events', { query: { limit: '1' } });
			const older = await terra.admin('~/webhook-events', { query: { limit: '1' } });
			return {
				seen: `/me: ${outcomeOf(me)}; /events: ${outcomeOf(newer)}; /webhook-events: ${outcomeOf(older)}`,
				means: [newer, older].some(isSuccess)
					? 'The nodes read the newer log, or the older one if the newer is missing.'
					: 'Missed deliveries cannot be found with this token.',
				shape: [me, newer, older]
					.filter(isSuccess)
					.map(({ body }) => shapeOf(body))
					.join('\n'),
			};
		},
	},
	{
		point: 'Xert',
		does: 'does a dry run of a test event from Xert, which is not sent',
		needs,
		async ask(terra) {
			const reply = await dryRunEvent(terra, { type: 'activity', provider: 'xert' });
			if (!isSuccess(reply)) return unsettled(reply, 'generate');
			const [ride] = asList(asObject(payloadOf(reply).payload).data);
			const fields = filledFields(ride);
			return {
				seen: `a test activity from Xert fills ${fields.length} fields`,
				means:
					fields.length > 0
						? 'These are the fields that Terra maps for Xert.'
						: 'Still open: the answer contained no activity.',
				shape: fields.join('\n'),
			};
		},
	},
	{
		point: 'Planned workouts',
		does: 'does a dry run of a planned workout, which is not sent',
		needs,
		async ask(terra) {
			const reply = await dryRunEvent(terra, { type: 'planned_workout' });
			if (!isSuccess(reply)) return unsettled(reply, 'generate');
			const [workout] = asList(asObject(payloadOf(reply).payload).data);
			const ids = filledFields(workout).filter((name) => /(^|[._])id$/.test(name));
			return {
				seen: ids.length === 0 ? 'no field is an ID' : ids.join(', '),
				means: 'The nodes look for both names in Terra’s documentation: planned_workout_id and id.',
				shape: shapeOf(workout),
			};
		},
	},
	{
		point: 'Second webhook',
		does: 'lists the webhooks, and does a dry run of creating another: none is created',
		needs,
		async ask(terra) {
			const list = await terra.admin(DESTINATIONS);
			if (!isSuccess(list)) return unsettled(list, 'GET destinations');
			const webhooks = asList(asObject(list.body).data);
			const reply = await dryRunWebhook(terra, {});
			const another = webhooks.length === 0 ? 'a first' : 'another';
			return {
				seen: `${webhooks.length} webhooks; ${another}: ${outcomeOf(reply)}`,
				means: meaningOfSecond(reply, webhooks.length),
				shape: `${shapeOf(list.body)}\n${shapeOf(reply.body)}`,
			};
		},
	},
	{
		point: 'Names of events',
		does: 'does a dry run of webhooks for the older and the newer name of an event: none is created',
		needs,
		async ask(terra) {
			const answers: string[] = [];
			for (const name of ['activity', 'unified_api.activity.updated']) {
				const reply = await dryRunWebhook(terra, { event_types: [name] });
				answers.push(`${name}: ${outcomeOf(reply)}`);
			}
			return {
				seen: answers.join('; '),
				means: answers[0]!.endsWith('200')
					? 'The nodes register the older names, which Terra accepts.'
					: 'The nodes will register for all types and filter themselves.',
			};
		},
	},
	{
		point: 'Samples by default',
		does: "reads the environment's enabled data types and samples, and its output format",
		needs,
		async ask(terra) {
			const types = await terra.admin('~/unified-api/scopes');
			const formats = await terra.admin('~/unified-api/processing');
			if (!isSuccess(types)) return unsettled(types, 'GET scopes');
			const rows = asList(asObject(types.body).data).map(asObject);
			const activity = rows.find(({ data_type: type }) => type === 'activity');
			const selected = asList(asObject(formats.body).data)
				.map(asObject)
				.find((row) => row.selected === true);
			return {
				seen: `activity ${activity ? 'on' : 'off'}, its samples ${activity?.samples_enabled === true ? 'on' : 'off'}, format ${selected?.type ?? outcomeOf(formats)}`,
				means:
					selected?.type === 'json' || !selected
						? 'Check Set-Up reads the same.'
						: 'The nodes read JSON only: choose JSON in Terra’s dashboard.',
				shape: `${shapeOf(types.body)}\n${shapeOf(formats.body)}`,
			};
		},
	},
];

/** Terra may have moved this endpoint, so try both paths. */
async function dryRunEvent(terra: Terra, body: object): Promise<Reply> {
	const reply = await terra.dryRun('~/webhook-events/generate', body);
	return reply.status === 404 ? await terra.dryRun('~/events/generate', body) : reply;
}

/** Requests an inactive webhook and deletes it, in case Terra ignores `dry_run` and creates it. */
async function dryRunWebhook(terra: Terra, more: object): Promise<Reply> {
	const reply = await terra.dryRun(DESTINATIONS, {
		type: 'webhook',
		config: { url: UNUSED_URL },
		active: false,
		...more,
	});
	const { id } = asObject(reply.body);
	if (reply.status === 201 && typeof id === 'string')
		await terra.admin(`${DESTINATIONS}/${encodeURIComponent(id)}`, { method: 'DELETE' });
	return reply;
}

function payloadOf({ body }: Reply): Record<string, unknown> {
	const { preview } = asObject(body);
	return asObject(preview ?? body);
}

function meaningOfSecond(reply: Reply, known: number): string {
	if (!isSuccess(reply))
		return reply.status === 409 || reply.status === 403
			? 'An environment can have only one webhook: test with the Testing environment.'
			: unsettledText(reply);
	return known === 0
		? 'Still open: try again when the environment has a webhook.'
		: 'Test and production can each have a webhook, if the real request succeeds like the dry run.';
}

function unsettledText(reply: Reply): string {
	return unsettled(reply, '').means;
}
