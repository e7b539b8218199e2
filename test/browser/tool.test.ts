import { randomUUID } from 'node:crypto';

import { waitFor } from '../../playground/n8n';
import { importExample } from '../e2e/exampleWorkflow';
import { startModel } from '../support/model';
import { picture } from './picture';
import { describeInBrowser, startDesk, type Desk } from './support';

jest.setTimeout(300_000);

describeInBrowser('the tool of an agent', () => {
	let desk: Desk;
	let model: Awaited<ReturnType<typeof startModel>>;
	beforeAll(async () => {
		model = await startModel();
		desk = await startDesk();
	});
	afterAll(async () => {
		await desk?.close();
		await model?.close();
	});

	it('answers how far somebody rode last week after a click on the stars of Athlete and Period', async () => {
		const { client, credential: terraApi, sandbox, url } = desk;
		const openAiApi = await client.createCredential('Model', 'openAiApi', {
			...{ apiKey: 'example', url: model.url },
		});
		const { id, nodes, name, connections } = await importExample(
			desk,
			'ai-coach',
			{ terraApi, openAiApi },
			{ Chat: { public: true } },
		);
		// The state of a tool that has just been added.
		const tool = nodes.find(({ type }) => type === 'n8n-nodes-terra.terraTool')!;
		tool.parameters = {};
		await client.updateWorkflow(id, { name, nodes, connections });

		const editor = await desk.openEditor();
		await editor.openNode(id, tool.name);
		const toolDescription = editor.part('parameter-input-toolDescription').locator('textarea');
		expect(await toolDescription.inputValue()).toContain('distance_meters');
		for (const field of ['user', 'period']) {
			const stars = editor.page
				.locator(
					`[data-test-id="parameter-input-${field}"], [data-test-id="resource-locator-${field}"]`,
				)
				.locator('xpath=ancestor-or-self::*[.//*[@data-test-id="from-ai-override-button"]][1]')
				.first()
				.locator('[data-test-id="from-ai-override-button"]')
				.first();
			await stars.click();
		}
		await editor.page.locator('[data-test-id="fromAI-override-field"]').nth(1).waitFor();
		await picture(editor.page, 'tool', [editor.part('ndv')]);
		await editor.page.keyboard.press('Escape');
		await editor.part('workflow-open-publish-modal-button').click();
		await editor.part('workflow-publish-button').click();
		await client.published(id);
		const saved = await waitFor('the clicks to be saved', async () => {
			const workflow = await client.workflow(id);
			const { parameters } = workflow.nodes.find((node) => node.name === tool.name)!;
			return 'period' in parameters ? parameters : undefined;
		});
		expect(saved).toMatchObject({
			user: { mode: 'id', value: expect.stringContaining("$fromAI('Athlete'") as string },
			period: expect.stringContaining("$fromAI('Period'") as string,
		});

		model.plan([
			{ tool: 'Get_Summary', input: { Athlete: 'rider-1', Period: 'lastWeek' } },
			{ say: 'Far.' },
		]);
		const chat = nodes.find((node) => node.name === 'Chat')!.webhookId;
		const response = await fetch(`${url}/webhook/${chat}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				...{ action: 'sendMessage', sessionId: randomUUID() },
				chatInput: 'How far did rider-1 ride last week?',
			}),
		});
		expect(await response.text()).toContain('Far.');
		const [read] = model.toolAnswers();
		expect(read).toMatch(/"distance_meters":[\d.]+/);
		expect(read).toContain(sandbox.users[0]!.user_id);
	});
});
