import { waitFor } from '../../playground/n8n';
import type { N8nDatabase, Progress } from '../../playground/n8n/database';

/**
 * How long nothing must change, in milliseconds. Longer while executions are unfinished, since n8n may still continue
 * them: in queue mode it restarts those of a killed worker when its lock of a minute has expired.
 */
const settledForMs = { allFinished: 8_000, someUnfinished: 100_000 };

/** Waits for the end of a workflow's executions. Those of a killed process may stay unfinished. */
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
