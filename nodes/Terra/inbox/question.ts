import type { IExecuteFunctions, INodeExecutionData, IRun } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';
import { clock } from '../transport';
import { nodeIdOf } from './inbox';
import { thisProcess } from './begun';
import { dayKey, hourKey, MAX_KEYS, secondHalf, versionsKey } from './origin';
import { tableOf } from './table';
import { DAY_MS, HOUR_MS } from '../terra/durations';

/**
 * What the trigger wants to know from n8n's deduplication table, which only an execution can read: one with this
 * single item asks, answers in its custom data, and ends without items.
 *
 * The answer is one bit per key, since n8n keeps only ten short strings.
 */
export interface Question {
	recordKeys: string[];
	/** When it was asked, in Unix milliseconds. */
	at: number;
	/** The process that asks. */
	asker: string;
}

export interface TableAnswer {
	/** Whether an execution with this record has begun. */
	has(recordKey: string): boolean;
	/** Nothing that began since then has been forgotten, in Unix milliseconds; undefined if unknown. */
	completeSince: number | undefined;
	/** Whether the table is full, so that older entries may have been forgotten. */
	isFull: boolean;
	/** Whether executions run in the process that asked. */
	runsHere: boolean;
}

/** The most candidates in one question, each with two keys at most. */
export const MAX_ASKED = 500;
/** These, the hours of eleven days, and ninety days: they fit into n8n's custom data. */
const MAX_KEYS_ASKED = 2 * MAX_ASKED + 400;
const HOURS_ASKED = 11 * 24;
const DAYS_ASKED = 90;

const QUESTION = 'terraQuestion';
const ANSWER = 'terra_seen_';
const CHARS_PER_VALUE = 240;
const LONGEST_WAIT_MS = 20_000;
/** So that a lookup does not push out other keys. */
const UNLIMITED = { mode: 'entries', maxEntries: 1_000_000 } as const;

export const questionOf = (recordKeys: string[]): Question => ({
	recordKeys,
	at: clock.now(),
	asker: thisProcess,
});

export const questionItem = (question: Question): INodeExecutionData => ({
	json: {},
	[QUESTION]: question as never,
});

/** The question that this execution has to answer, if any. */
export function questionIn(context: IExecuteFunctions): Question | undefined {
	const [item] = context.getInputData();
	return item?.[QUESTION] as unknown as Question | undefined;
}

/** @throws if n8n's table cannot be read */
export async function answerQuestion(context: IExecuteFunctions, asked: Question): Promise<void> {
	const keys = keysOf(asked);
	const { checkProcessedAndRecord, removeProcessed, getProcessedDataCount } = context.helpers;
	const deadline = clock.deadline(LONGEST_WAIT_MS);
	const runsHere = asked.asker === thisProcess;
	const knownOf = async (some: string[]) => {
		if (some.length === 0) return [];
		// n8n cannot look up a key without noting it.
		const { processed } = await checkProcessedAndRecord(some, 'node', UNLIMITED);
		const known = new Set(processed as string[]);
		const added = some.filter((key) => !known.has(key));
		if (added.length > 0) await removeProcessed(added, 'node', UNLIMITED);
		return [...known];
	};
	const look = async () => {
		const count = await getProcessedDataCount('node', UNLIMITED);
		const halves = await knownOf(keys);
		const wholes = new Set(await knownOf(halves.map(secondHalf)));
		return {
			known: new Set(halves.filter((key) => wholes.has(secondHalf(key)))),
			// If another process noted something meanwhile, the keys of the lookup may have pushed out others.
			isFull: count >= (runsHere ? MAX_KEYS : MAX_KEYS - MAX_KEYS_ASKED),
		};
	};
	const answer = await tableOf(nodeIdOf(context)).exclusively(look, deadline);
	if (!answer) return await Promise.reject(new Error("n8n's database does not answer"));

	const bits = [true, answer.isFull, runsHere, ...keys.map((key) => answer.known.has(key))];
	const { customData } = asObject(context.getWorkflowDataProxy(0).$execution) as {
		customData: { set(key: string, value: string): void };
	};
	const text = textOf(bits);
	for (let at = 0; at < text.length; at += CHARS_PER_VALUE) {
		customData.set(`${ANSWER}${at / CHARS_PER_VALUE}`, text.slice(at, at + CHARS_PER_VALUE));
	}
}

/** @returns undefined if the execution did not answer */
export function answerIn(run: IRun, asked: Question): TableAnswer | undefined {
	const values = asObject(run.data?.resultData?.metadata);
	let text = '';
	for (let part = 0; asText(values[`${ANSWER}${part}`]); part++) {
		text += asText(values[`${ANSWER}${part}`]);
	}
	const [isAnswer, isFull, runsHere, ...bits] = bitsOf(text);
	if (!isAnswer) return undefined;
	const known = new Set(keysOf(asked).filter((_, index) => bits[index]));
	// In a busy hour the table forgets what began first and notes the hour again, so only the hour's end is certain.
	const ends = stretchesBefore(asked.at).filter(({ key }) => known.has(key));
	return {
		has: (recordKey) => known.has(versionsKey(recordKey)),
		completeSince: ends.length > 0 ? Math.min(...ends.map(({ end }) => end)) : undefined,
		isFull: isFull!,
		runsHere: runsHere!,
	};
}

const keysOf = ({ recordKeys, at }: Question): string[] => [
	...recordKeys.map(versionsKey),
	...stretchesBefore(at).map(({ key }) => key),
];

/** Hours, for as far back as catching up looks; days, in case n8n was off for longer. */
const stretchesBefore = (at: number) => [
	...stretches(at, DAYS_ASKED, DAY_MS, dayKey),
	...stretches(at, HOURS_ASKED, HOUR_MS, hourKey),
];

const stretches = (at: number, count: number, length: number, keyOf: (at: number) => string) =>
	Array.from({ length: count }, (_, index) => {
		const start = (Math.floor(at / length) - index) * length;
		return { key: keyOf(start), end: start + length };
	});

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
