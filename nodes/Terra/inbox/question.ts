import type { IExecuteFunctions, INodeExecutionData, IRun } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';
import { clock } from '../transport';
import { nodeIdOf } from './inbox';
import { hourKey, MOST_KEYS, versionsKey } from './origin';
import { tableOf } from './table';
import { HOUR_MS } from '../terra/durations';

/**
 * What the trigger wants to know of n8n's deduplication table, which only an execution can read: an execution with this
 * one item asks, answers in its custom data, and ends without items.
 *
 * The answer is a bit for each thing that was asked, since n8n keeps but ten short texts.
 */
export interface Question {
	recordKeys: string[];
	/** Unix milliseconds: the hours since then are asked for. */
	since: number;
}

export interface TableAnswer {
	/** Whether an execution with this record has begun. */
	has(recordKey: string): boolean;
	/** The earliest hour, in Unix milliseconds, from which on nothing has been forgotten; undefined if none is known. */
	completeSince: number | undefined;
	/** Whether older entries may have been forgotten. */
	isFull: boolean;
}

/** How many records one question can be about: with the hours, they fit into n8n's custom data. */
export const MOST_ASKED = 1_000;

const QUESTION = 'terraQuestion';
const ANSWER = 'terra_seen_';
const CHARS_PER_VALUE = 240;
const LONGEST_WAIT_MS = 20_000;
/** Keys that are only asked for must push out nothing. */
const UNLIMITED = { mode: 'entries', maxEntries: 1_000_000 } as const;

export const questionItem = (question: Question): INodeExecutionData => ({
	json: {},
	[QUESTION]: question as never,
});

/** @returns the question that this execution is there for, if it is */
export function questionIn(context: IExecuteFunctions): Question | undefined {
	const [item] = context.getInputData();
	return item?.[QUESTION] as unknown as Question | undefined;
}

/** @throws if n8n's table cannot be read */
export async function answerQuestion(context: IExecuteFunctions, asked: Question): Promise<void> {
	const keys = keysOf(asked, clock.now());
	const { checkProcessedAndRecord, removeProcessed, getProcessedDataCount } = context.helpers;
	const deadline = clock.deadline(LONGEST_WAIT_MS);
	const look = async () => {
		const count = await getProcessedDataCount('node', UNLIMITED);
		// n8n can only ask and note in one.
		const { processed } = await checkProcessedAndRecord(keys, 'node', UNLIMITED);
		const known = new Set(processed as string[]);
		const added = keys.filter((key) => !known.has(key));
		if (added.length > 0) await removeProcessed(added, 'node', UNLIMITED);
		return { known, isFull: count >= MOST_KEYS };
	};
	const answer = await tableOf(nodeIdOf(context)).alone(look, deadline);
	if (!answer) return await Promise.reject(new Error("n8n's database does not answer"));

	const bits = [true, answer.isFull, ...keys.map((key) => answer.known.has(key))];
	const { customData } = asObject(context.getWorkflowDataProxy(0).$execution) as {
		customData: { set(key: string, value: string): void };
	};
	const text = textOf(bits);
	for (let at = 0; at < text.length; at += CHARS_PER_VALUE) {
		customData.set(`${ANSWER}${at / CHARS_PER_VALUE}`, text.slice(at, at + CHARS_PER_VALUE));
	}
}

/**
 * @param askedAt when the question was put, in Unix milliseconds
 * @returns undefined if the execution did not answer
 */
export function answerIn(run: IRun, asked: Question, askedAt: number): TableAnswer | undefined {
	const values = asObject(run.data?.resultData?.metadata);
	let text = '';
	for (let part = 0; asText(values[`${ANSWER}${part}`]); part++) {
		text += asText(values[`${ANSWER}${part}`]);
	}
	const [isAnswer, isFull, ...bits] = bitsOf(text);
	if (!isAnswer) return undefined;
	const known = new Set(keysOf(asked, askedAt).filter((_, index) => bits[index]));
	return {
		has: (recordKey) => known.has(versionsKey(recordKey)),
		completeSince: hoursSince(asked.since, askedAt).find((hour) => known.has(hourKey(hour))),
		isFull: isFull!,
	};
}

/** The hours come last: one that has begun since the question was put changes nothing of the others. */
function keysOf({ recordKeys, since }: Question, now: number): string[] {
	return [...recordKeys.map(versionsKey), ...hoursSince(since, now).map(hourKey)];
}

function hoursSince(since: number, now: number): number[] {
	const first = Math.floor(since / HOUR_MS);
	const last = Math.floor(now / HOUR_MS);
	return Array.from(
		{ length: Math.max(0, last - first + 1) },
		(_, index) => (first + index) * HOUR_MS,
	);
}

function textOf(bits: boolean[]): string {
	const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
	bits.forEach((bit, index) => {
		if (bit) bytes[index >> 3]! |= 1 << (index & 7);
	});
	return bytes.toString('base64url');
}

function bitsOf(text: string): boolean[] {
	return [...Buffer.from(text, 'base64url')].flatMap((byte) =>
		Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) === 1),
	);
}
