import { asObject, asText, isObject, type JsonObject } from '../terra/json';

/** What a 200 to a request for data can be: Terra also says "later", "elsewhere" and "nothing" that way. */
export type Answer =
	| { kind: 'data'; user: JsonObject | undefined; records: JsonObject[] }
	/** Still being collected. Terra says when to ask again, or leaves it open. */
	| { kind: 'processing'; seconds: number | undefined; said: string }
	/** Too much for one answer: Terra sends it to the webhook, in parts. */
	| { kind: 'large'; reference: string | undefined; said: string }
	/** Terra sends it to the webhook. */
	| { kind: 'receipt'; reference: string; said: string }
	/** The provider's own limit is reached. */
	| { kind: 'providerLimit'; said: string }
	| { kind: 'nothing'; said: string }
	/** Not an answer of Terra's API: cut short, empty, a web page. */
	| { kind: 'unreadable' }
	| { kind: 'unknown'; said: string };

/**
 * Reads the body of a 200. It is data only if it holds records (or the athlete); an empty list is data too.
 * Both spellings of the waiting time and all known forms of the other answers are understood.
 */
export function readAnswer(body: unknown): Answer {
	if (!isObject(body)) return { kind: 'unreadable' };
	const user = isObject(body.user) ? body.user : undefined;
	if (Array.isArray(body.data)) return { kind: 'data', user, records: body.data.filter(isObject) };
	if (isObject(body.athlete)) return { kind: 'data', user, records: [body.athlete] };

	const type = asText(body.type)?.toLowerCase() ?? '';
	const said = [asText(body.message), asText(body.status)].find(Boolean) ?? '';
	const reference = asText(body.reference);

	if (type.startsWith('large_request')) return { kind: 'large', reference, said };
	const seconds = secondsOf(body);
	if (type === 'processing' || seconds !== undefined) return { kind: 'processing', seconds, said };
	if (/rate.?limit|limits? requests/i.test(`${type} ${said}`))
		return { kind: 'providerLimit', said };
	if (reference !== undefined) return { kind: 'receipt', reference, said };
	if ('data' in body || /\bno (new )?data\b|not available/i.test(said))
		return { kind: 'nothing', said };
	return { kind: 'unknown', said };
}

function secondsOf(body: JsonObject): number | undefined {
	const { retry_after_seconds, retry_after } = asObject(body);
	const seconds = Number(retry_after_seconds ?? retry_after ?? NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
