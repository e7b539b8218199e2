import { waitFor } from '../../playground/n8n/wait';
import { createTriggerWorkflow, startWorld, triggerName, type World } from './support';

jest.setTimeout(300_000);

let world: World | undefined;
afterEach(async () => {
	await world?.close();
	world = undefined;
});

// "database" is what queue mode begins with; n8n 2.8.4 has it, too.
it.each(['filesystem', 'database'])(
	'Attach File: the file can be downloaded, and goes with its execution (%s)',
	async (mode) => {
		world = await startWorld({ N8N_DEFAULT_BINARY_DATA_MODE: mode });
		const { client, sandbox } = world;
		const options = { attachFile: 'gpx' };
		const { workflow, production } = await createTriggerWorkflow(world, { options });
		await client.publish(workflow.id);
		sandbox.setDestination(production);
		await sandbox.finishRide({ durationSeconds: 600, withSamples: true });

		const [execution] = await client.finishedExecutions(workflow.id, 1);
		const [item] = execution!.itemsOf(triggerName);
		const { id, fileName, mimeType } = item!.binary!.data!;
		expect([fileName, mimeType]).toEqual([item!.json.file_name, 'application/gpx+xml']);
		expect(id).toMatch(new RegExp(`^${mode}`));
		expect(await client.download(id!)).toContain('<trkpt');

		await client.deleteExecution(execution!.id);
		const isGone = async () =>
			await client.download(id!).then(
				() => undefined,
				() => true,
			);
		expect(await waitFor('deletion of the file', isGone)).toBe(true);
	},
);
