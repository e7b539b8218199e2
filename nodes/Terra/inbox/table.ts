import { clock, within } from '../transport';
import { MAX_NODES } from './inbox';
import { putLast } from './memory';

/** Records keys in n8n's deduplication table of one node. @returns those that were in it before */
export type CheckAndRecord = (keys: string[]) => Promise<string[]>;

/** How long a key must have stayed in the table to be trusted. */
const SAFE_AFTER_MS = 3_000;
const CHECK_INTERVAL_MS = 1_000;
/** When to give up on a key that keeps getting lost. */
const GIVE_UP_AFTER_MS = 30_000;
/** A database that does not answer must not block later requests or the check. */
const ANSWER_WITHIN_MS = 10_000;

interface Waiting {
	keys: string[];
	checkAndRecord: CheckAndRecord;
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
 * n8n reads the table, changes it and writes it back without a lock, so two processes can overwrite each other. Within a
 * process, all requests that come while one is in progress are made together; and if other processes write too, the
 * recorded keys are checked again until they have stayed.
 */
export class Table {
	private waiting: Waiting[] = [];
	private exclusive: Array<() => Promise<void>> = [];
	private isAsking = false;
	private readonly watched = new Map<string, Watched>();
	private isWatching = false;

	/**
	 * Looks up the keys and records them.
	 *
	 * @param isShared whether other processes write to this table
	 * @returns the keys that were recorded before; undefined if it takes too long
	 */
	async record(
		keys: string[],
		checkAndRecord: CheckAndRecord,
		isShared: boolean,
		deadline: AbortSignal,
	): Promise<Set<string> | undefined> {
		const answer = new Promise<Set<string>>((resolve, reject) => {
			this.waiting.push({ keys, checkAndRecord, isShared, answer: resolve, fail: reject });
		});
		void this.askAll();
		return await within(answer, deadline);
	}

	/**
	 * Runs a task while nothing else in this process uses the table.
	 *
	 * @returns undefined if it takes too long
	 */
	async exclusively<T>(task: () => Promise<T>, deadline: AbortSignal): Promise<T | undefined> {
		const result = new Promise<T>((resolve, reject) => {
			this.exclusive.push(async () => {
				if (!deadline.aborted) await within(task().then(resolve, reject), deadline);
			});
		});
		void this.askAll();
		return await within(result, deadline);
	}

	private async askAll() {
		if (this.isAsking) return;
		this.isAsking = true;
		while (this.waiting.length + this.exclusive.length > 0) {
			for (const task of this.exclusive.splice(0)) await task();
			const requests = this.waiting;
			const [first] = requests;
			if (!first) continue;
			const { checkAndRecord, isShared } = first;
			this.waiting = [];
			try {
				const keys = [...new Set(requests.flatMap(({ keys: own }) => own))];
				const known = new Set(await withOneRetry(bounded(checkAndRecord), keys));
				for (const key of keys) if (this.watched.has(key)) known.add(key);
				for (const request of requests) {
					request.answer(new Set(request.keys.filter((key) => known.has(key))));
					// Only the first to ask for a key is told that it is new.
					for (const key of request.keys) known.add(key);
				}
				if (isShared) this.watch(keys, checkAndRecord);
			} catch (error) {
				for (const request of requests) request.fail(error);
			}
		}
		this.isAsking = false;
	}

	private watch(keys: string[], checkAndRecord: CheckAndRecord) {
		const now = clock.now();
		for (const key of keys) {
			if (!this.watched.has(key)) this.watched.set(key, { since: now, recordedAt: now });
		}
		if (!this.isWatching) void this.watchUntilSafe(checkAndRecord);
	}

	private async watchUntilSafe(checkAndRecord: CheckAndRecord) {
		this.isWatching = true;
		while (this.watched.size > 0) {
			await clock.sleep(CHECK_INTERVAL_MS);
			const keys = [...this.watched.keys()];
			// After a failure the keys count as not found, and are checked again.
			const known = new Set(await bounded(checkAndRecord)(keys).catch(() => []));
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
	(checkAndRecord: CheckAndRecord): CheckAndRecord =>
	async (keys) => {
		const answer = await within(checkAndRecord(keys), clock.deadline(ANSWER_WITHIN_MS));
		return answer ?? (await Promise.reject(new Error("n8n's database does not answer")));
	};

/** If two processes make a node's first entry at the same moment, n8n refuses one. */
async function withOneRetry(checkAndRecord: CheckAndRecord, keys: string[]): Promise<string[]> {
	return await checkAndRecord(keys).catch(async () => await checkAndRecord(keys));
}

const tables = new Map<string, Table>();

/** @param nodeId see `nodeIdOf` */
export function tableOf(nodeId: string): Table {
	const table = tables.get(nodeId) ?? new Table();
	putLast(tables, nodeId, table, MAX_NODES);
	return table;
}
