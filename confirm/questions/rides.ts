import { asList, asObject } from '../json';
import type { Finding, Question } from '../question';
import { isSuccess, outcomeOf, unsettled } from '../question';
import { filledFields, shapeOf } from '../shape';
import type { Reply, Terra } from '../terra';

const DAY_MS = 86_400_000;
const XERT = 'Xert';

/** Nobody has rides from then, so that nothing is sent to anybody's webhook, whatever Terra makes of the request. */
const LONG_AGO = Date.UTC(2001, 0, 1);

export const rideQuestions: Question[] = [
	{
		point: XERT,
		does: 'reads the public list of sources',
		async ask(terra) {
			const reply = await terra.openly('/integrations/detailed');
			if (!isSuccess(reply)) return unsettled(reply, 'GET /integrations/detailed');
			const sources = asList(asObject(reply.body).providers).map(asObject);
			const xert = sources.find(({ provider }) => /xert/i.test(String(provider)));
			if (!xert)
				return {
					seen: `none of ${sources.length} sources is called Xert`,
					means: 'Enable Xert under Connections → Sources, then ask again.',
				};
			const types = Object.entries(asObject(xert.types)).filter(([, isThere]) => isThere === true);
			return {
				seen: `"${xert.provider}", set-up ${xert.setup ?? 'not given'}, enabled ${xert.enabled}, ${types.map(([type]) => type).join(', ') || 'no data types given'}`,
				means:
					xert.provider === 'XERT'
						? 'The name is what the nodes expect.'
						: 'The nodes must learn this name.',
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
				seen: `${fields.length} fields are filled, seen in ${rides.length} of ${provider}`,
				means: 'Columns without a source stay empty.',
				shape: fields.join('\n'),
			};
		},
	},
	{
		point: 'Samples by default',
		does: 'reads 28 days without saying whether samples are wanted',
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
				seen: isThere ? 'samples are sent by default' : 'samples are left out by default',
				means: 'The nodes always ask explicitly.',
			};
		},
	},
	{
		point: 'Long periods',
		does: 'reads 28, 31 and 32 days of 2001, when nobody had a sensor; a webhook may get an empty notice',
		needs: 'athlete',
		async ask(terra) {
			const answers: string[] = [];
			for (const days of [28, 31, 32])
				answers.push(`${days} days: ${formOf(await activities(terra, LONG_AGO, days))}`);
			return {
				seen: answers.join('; '),
				means: answers[0]!.endsWith('inline')
					? 'Windows of 28 days are answered inline, as the nodes expect.'
					: 'The nodes must ask for fewer days at once.',
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
	means: 'Still open. Try an athlete who has ridden lately.',
};
