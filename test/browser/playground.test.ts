import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { openBrowser } from '../../playground/browser';
import { runtimeFolder } from '../../playground/n8n';
import type { Playground } from '../../playground/playground';
import { openPlayground } from '../../playground/playground';
import { Editor } from './editor';
import { picture } from './picture';
import { describeInBrowser, openContext, signIn } from './support';

jest.setTimeout(300_000);

describeInBrowser('n8n after `npm start`', () => {
	let userFolder: string;
	let playground: Playground;
	let browser: Browser;
	let editor: Editor;
	beforeAll(async () => {
		userFolder = await mkdtemp(join(runtimeFolder, 'browser-'));
		browser = await openBrowser();
		playground = await openPlayground({ userFolder });
		const page = await (await openContext(browser)).newPage();
		await signIn(page, playground.n8n.url);
		editor = new Editor(page, playground.n8n.url);
	});
	afterAll(async () => {
		await browser?.close();
		await playground?.close();
		await rm(userFolder, { recursive: true, force: true });
	});

	/** n8n's advice on published workflows covers the canvas. */
	const closeAdvice = async () => {
		const advice = editor.page.getByText('Production Checklist');
		await advice.waitFor();
		await editor.page.keyboard.press('Escape');
		await advice.waitFor({ state: 'hidden' });
	};

	it('has a published workflow for new rides', async () => {
		await editor.openWorkflow(playground.newRides.id, 'Terra Trigger');
		await closeAdvice();
		await editor.page.getByText('Published', { exact: true }).first().waitFor();
		await picture(editor.page, 'new-rides-workflow', [editor.part('canvas')]);
	});

	it('has a workflow for history that runs with one click', async () => {
		await editor.openWorkflow(playground.history.id, 'Get Rides');
		await closeAdvice();
		await editor.part('execute-workflow-button').click();
		await editor.toast('Workflow executed successfully').waitFor();
		await picture(editor.page, 'history-workflow', [editor.part('canvas')]);
	});

	it('has a table with the rides of both', async () => {
		const { client, sandbox, table } = playground;
		const { activity } = await sandbox.finishRide();
		await sandbox.settled();
		await client.finishedExecutions(playground.newRides.id, 1);
		await editor.page.goto(await client.tableUrl(table.id));
		await editor.page.getByText('rider-1').first().waitFor();
		const rows = await client.rows(table.id);
		expect(rows.map((row) => String(row.activity_key).split(':').at(-1))).toContain(
			activity.metadata.summary_id,
		);
		await picture(editor.page, 'rides-table', [editor.page.locator('main').last()]);
	});
});
