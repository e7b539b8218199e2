import { asList, asObject } from '../json';
import type { Finding, Question } from '../question';
import { isSuccess, outcomeOf, unsettled } from '../question';
import { filledFields, shapeOf } from '../shape';
import type { Reply, Terra } from '../terra';

const DAY_MS = 86_400_000;
const XERT = 'Xert';

/** Nobody has rides from then, so no webhook gets any data, however Terra treats the request. */
const LONG_AGO = Date.UTC(2001, 0, 1);

export const rideQuestions: Question[] = [
	{
		point: XERT,
		does: 'reads the public list of providers',
		async ask(terra) {
			const reply = await terra.withoutKey('/integrations/detailed');
			if (!isSuccess(reply)) return unsettled(reply, 'GET /integrations/detailed');
			const providers = asList(asObject(reply.body).providers).map(asObject);
			const xert = providers.find(({ provider }) => /xert/i.test(String(provider)));
			if (!xert)
				return {
					seen: `none of the ${providers.length} providers is called Xert`,
					means: 'Enable Xert under Connections → Sources, then try again.',
				};
			const types = Object.entries(asObject(xert.types)).filter(([, isThere]) => isThere === true);
			return {
				seen: `"${xert.provider}", set-up ${xert.setup ?? 'not given'}, enabled ${xert.enabled}, ${types.map(([type]) => type).join(', ') || 'no data types given'}`,
				means:
					xert.provider === 'XERT'
						? 'The name is what the nodes expect.'
						: 'The nodes expect another name, and must be changed.',
				shape: shapeOf(xert),
			};
		},
	},
	{
		point: XERT,
		does: "checks which fields the athlete's last activities fill",
		needs: 'athlete',
		async ask(terra) {
			const week = await lastDays(terra, 7, { with_samples: 'true' });
			const reply = ridesIn(week).length > 0 ? week : await lastDays(terra, 28);
			if (!isSuccess(reply)) return unsettled(reply, 'GET /activity');
			const rides = ridesIn(reply);
			if (rides.length === 0) return noRides;
			const fields = [...new Set(rides.flatMap((ride) => filledFields(ride)))].sort();
			const { provider } = asObject(asObject(reply.body).user);
			return {
				seen: `${fields.length} fields are filled, in ${rides.length} activities from ${provider}`,
				means: 'Columns for the other fields stay empty.',
				shape: fields.join('\n'),
			};
		},
	},
	{
		point: 'Samples by default',
		does: 'reads 28 days without with_samples in the request',
		needs: 'athlete',
		async ask(terra) {
			const reply = await lastDays(terra, 28);
			const rides = ridesIn(reply);
			if (!isSuccess(reply)) return unsettled(reply, 'GET /activity');
			if (rides.length === 0) return noRides;
			const samples = rides
				.flatMap((ride) => filledFields(ride))
				.filter((name) => /samples.*\[\]/.test(name));
			const isThere = samples.some((name) => !name.startsWith('TSS_data'));
			return {
				seen: isThere ? 'samples are included by default' : 'samples are left out by default',
				means: 'Either is fine: the nodes always set with_samples.',
			};
		},
	},
	{
		point: 'Long periods',
		does: 'reads 28, 31 and 32 days of 2001, when nobody had data; your webhook may get an event without data',
		needs: 'athlete',
		async ask(terra) {
			const answers: string[] = [];
			for (const days of [28, 31, 32])
				answers.push(`${days} days: ${formOf(await activities(terra, LONG_AGO, days))}`);
			return {
				seen: answers.join('; '),
				means: answers[0]!.endsWith('inline')
					? 'Terra answers windows of 28 days inline, as the nodes expect.'
					: 'The nodes must request fewer days at once.',
			};
		},
	},
];

const ridesIn = ({ body }: Reply) => asList(asObject(body).data);

async function lastDays(terra: Terra, days: number, more?: Record<string, string>): Promise<Reply> {
	return await activities(terra, Date.now() - (days - 1) * DAY_MS, days, more);
}

async function activities(
	terra: Terra,
	from: number,
	days: number,
	more: Record<string, string> = {},
): Promise<Reply> {
	const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
	return await terra.api('/activity', {
		query: {
			user_id: terra.access.athlete!,
			start_date: day(from),
			end_date: day(from + days * DAY_MS),
			to_webhook: 'false',
			...more,
		},
	});
}

function formOf(reply: Reply): string {
	if (!isSuccess(reply)) return outcomeOf(reply);
	const { data, type, reference } = asObject(reply.body);
	if (Array.isArray(data)) return 'inline';
	return reference === undefined ? `no data (${shapeOf(type, 'type')})` : 'a receipt';
}

const noRides: Finding = {
	seen: 'no activity in the last 28 days',
	means: 'Still open. Try an athlete who has ridden recently.',
};
