import { waitFor } from '../../playground/n8n';
import type { N8nDatabase, Progress } from '../../playground/n8n/database';

/**
 * How long nothing moves, in milliseconds, when nothing will: longer while executions wait, for n8n looks after them. In
 * queue mode what a killed worker had begun is begun again when its lock of a minute has ended.
 */
const settledForMs = { allFinished: 8_000, someUnfinished: 100_000 };

/** Waits for the end of a workflow's executions. What a killed process has left undone may stay so. */
export async function quiet(
	open: () => Promise<N8nDatabase>,
	workflowId: string,
	seconds = 480,
): Promise<Progress> {
	let last = '';
	let since = Date.now();
	return await waitFor(
		'quiet',
		async () => {
			const database = await open();
			const progress = await database.progress(workflowId);
			await database.close();
			const now = JSON.stringify(progress);
			if (now !== last) since = Date.now();
			last = now;
			const finished = progress.finished === progress.started;
			const longEnough = settledForMs[finished ? 'allFinished' : 'someUnfinished'];
			return Date.now() - since > longEnough ? progress : undefined;
		},
		{ seconds, everyMs: 1000 },
	);
}
