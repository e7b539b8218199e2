import { waitFor } from '../../playground/n8n/wait';
import { keyOf } from '../support/keyOf';
import { expectSamePoints, fitPoints, gpxPoints, tcxPoints } from '../unit/output/points';
import {
	createHistoryWorkflow,
	createTriggerWorkflow,
	historyName,
	startWorld,
	triggerName,
	type World,
} from './support';

jest.setTimeout(300_000);

let world: World | undefined;
afterEach(async () => {
	await world?.close();
	world = undefined;
});

// "database" is the default in queue mode; n8n 2.8.4 supports it as well.
it.each(['filesystem', 'database'])(
	'Attach File: the file can be downloaded, and is deleted with its execution (%s)',
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
		expect(String(await client.download(id!))).toContain('<trkpt');

		await client.deleteExecution(execution!.id);
		const isGone = async () =>
			await client.download(id!).then(
				() => undefined,
				() => true,
			);
		expect(await waitFor('deletion of the file', isGone)).toBe(true);
	},
);

it('Export: the downloaded FIT file has the same points as TCX and GPX', async () => {
	world = await startWorld();
	const { client, sandbox } = world;
	const { activity } = await sandbox.finishRide({ durationSeconds: 1200, deliver: false });
	const key = keyOf(sandbox.users[0], activity.metadata.summary_id);
	const file = async (fileFormat: string) => {
		const { id } = await createHistoryWorkflow(world!, {
			operation: 'export',
			activityKey: { __rl: true, mode: 'key', value: key },
			fileFormat,
		});
		const execution = await client.run(id, 'By Hand');
		expect(execution.error).toBeUndefined();
		const [item] = execution.itemsOf(historyName);
		const { data } = item!.binary!;
		expect(data!.fileName).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d .+\\.${fileFormat}$`));
		return data!.id ? await client.download(data!.id) : Buffer.from(data!.data, 'base64');
	};
	const points = fitPoints(await file('fit'));
	expect(points.length).toBeGreaterThan(1000);
	expectSamePoints(points, tcxPoints(String(await file('tcx'))));
	const placed = points.filter(({ latitude }) => latitude !== undefined);
	expectSamePoints(placed, gpxPoints(String(await file('gpx'))));
});
