import type { World } from '../e2e/support';
import { triggerName } from '../e2e/support';

/** Finishes a ride and expects it in a new execution of the workflow. */
export async function expectRide(
	{ client, sandbox }: Pick<World, 'client' | 'sandbox'>,
	workflowId: string,
): Promise<void> {
	const before = (await client.executions(workflowId)).length;
	const { activity } = await sandbox.finishRide();
	await sandbox.settled();
	expect(sandbox.ledger.at(-1)).toMatchObject({ outcome: 'accepted' });
	const executions = await client.finishedExecutions(workflowId, before + 1);
	const [item] = executions.at(-1)!.itemsOf(triggerName);
	expect(item!.json).toMatchObject({
		activity_key: expect.stringContaining(activity.metadata.summary_id) as string,
	});
}
