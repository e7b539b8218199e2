import { clock, within } from '../transport';
import { MOST_NODES } from './inbox';
import { putLast } from './memory';

/** n8n's deduplication table for one node. @returns the keys that were in it before; all are in it now */
export type RecordKeys = (keys: string[]) => Promise<string[]>;

/** How long a key must have stayed in the table to be trusted. */
const SAFE_AFTER_MS = 3_000;
const CHECK_INTERVAL_MS = 1_000;
/** A key that keeps getting lost is given up. */
const GIVE_UP_AFTER_MS = 30_000;
/** A database that does not answer must not block later questions or the check. */
const ANSWER_WITHIN_MS = 10_000;

interface Question {
	keys: string[];
	recordKeys: RecordKeys;
	isShared: boolean;
	answer(known: Set<string>): void;
	fail(error: unknown): void;
}

/** A key that another process may still overwrite. */
interface Watched {
	/** Unix milliseconds. */
	since: number;
	recordedAt: number;
}

/**
 * What the executions of one trigger node have seen, in n8n's deduplication table: kept across restarts and shared by
 * all processes.
 *
 * n8n reads the table, changes it and writes it back without a lock, so that two processes can overwrite each other. In
 * one process all questions that come while one is in progress are asked together; and if other processes write too,
 * the recorded keys are checked again until they have stayed.
 */
export class Table {
	private waiting: Question[] = [];
	private looks: Array<() => Promise<void>> = [];
	private isAsking = false;
	private readonly watched = new Map<string, Watched>();
	private isWatching = false;

	/**
	 * Asks for the keys and records them.
	 *
	 * @param isShared whether other processes write to this table
	 * @returns the keys that were recorded before
	 */
	async record(
		keys: string[],
		recordKeys: RecordKeys,
		isShared: boolean,
		deadline: AbortSignal,
	): Promise<Set<string> | undefined> {
		const answer = new Promise<Set<string>>((resolve, reject) => {
			this.waiting.push({ keys, recordKeys, isShared, answer: resolve, fail: reject });
		});
		void this.askAll();
		return await within(answer, deadline);
	}

	/**
	 * Does something with the table between two questions, when nothing else in this process does.
	 *
	 * @returns undefined if it takes too long
	 */
	async alone<T>(task: () => Promise<T>, deadline: AbortSignal): Promise<T | undefined> {
		const result = new Promise<T>((resolve, reject) => {
			this.looks.push(async () => {
				if (!deadline.aborted) await within(task().then(resolve, reject), deadline);
			});
		});
		void this.askAll();
		return await within(result, deadline);
	}

	private async askAll() {
		if (this.isAsking) return;
		this.isAsking = true;
		while (this.waiting.length + this.looks.length > 0) {
			for (const look of this.looks.splice(0)) await look();
			const questions = this.waiting;
			const [first] = questions;
			if (!first) continue;
			const { recordKeys, isShared } = first;
			this.waiting = [];
			try {
				const keys = [...new Set(questions.flatMap((question) => question.keys))];
				const known = new Set(await insistently(bounded(recordKeys), keys));
				for (const key of keys) if (this.watched.has(key)) known.add(key);
				for (const question of questions) {
					question.answer(new Set(question.keys.filter((key) => known.has(key))));
					// The second to ask is told that the first has it.
					for (const key of question.keys) known.add(key);
				}
				if (isShared) this.watch(keys, recordKeys);
			} catch (error) {
				for (const question of questions) question.fail(error);
			}
		}
		this.isAsking = false;
	}

	private watch(keys: string[], recordKeys: RecordKeys) {
		const now = clock.now();
		for (const key of keys) {
			if (!this.watched.has(key)) this.watched.set(key, { since: now, recordedAt: now });
		}
		if (!this.isWatching) void this.watchUntilSafe(recordKeys);
	}

	private async watchUntilSafe(recordKeys: RecordKeys) {
		this.isWatching = true;
		while (this.watched.size > 0) {
			await clock.sleep(CHECK_INTERVAL_MS);
			const keys = [...this.watched.keys()];
			// After a failure the key counts as not found, and is asked for again.
			const known = new Set(await bounded(recordKeys)(keys).catch(() => []));
			const now = clock.now();
			for (const key of keys) {
				const watched = this.watched.get(key)!;
				if (!known.has(key)) watched.recordedAt = now;
				const isSafe = now - watched.recordedAt >= SAFE_AFTER_MS;
				if (isSafe || now - watched.since >= GIVE_UP_AFTER_MS) this.watched.delete(key);
			}
		}
		this.isWatching = false;
	}
}

const bounded =
	(recordKeys: RecordKeys): RecordKeys =>
	async (keys) => {
		const answer = await within(recordKeys(keys), clock.deadline(ANSWER_WITHIN_MS));
		return answer ?? (await Promise.reject(new Error("n8n's database does not answer")));
	};

/** Of two processes that make a node's first entry at the same moment, n8n refuses one. */
async function insistently(recordKeys: RecordKeys, keys: string[]): Promise<string[]> {
	return await recordKeys(keys).catch(async () => await recordKeys(keys));
}

const tables = new Map<string, Table>();

/** @param nodeId see `nodeIdOf` */
export function tableOf(nodeId: string): Table {
	const table = tables.get(nodeId) ?? new Table();
	putLast(tables, nodeId, table, MOST_NODES);
	return table;
}
