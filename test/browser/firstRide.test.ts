import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import { openBrowser } from '../../playground/browser';
import { projectFolder, runtimeFolder } from '../../playground/n8n';
import type { World } from '../e2e/support';
import { startEmptyWorld } from '../e2e/support';
import { packVersion } from '../install/packages';
import { startRegistry, type Registry } from '../install/registry';
import type { CloudService } from '../support/cloudHosts';
import { Editor } from './editor';
import { Hand } from './hand';
import { describeInBrowser, openContext, signIn } from './support';

jest.setTimeout(300_000);

const read = async (path: string) => await readFile(join(projectFolder, path), 'utf8');

describeInBrowser('from an empty n8n to the first ride, following the README', () => {
	let folder: string;
	let registry: Registry;
	let world: Omit<World, 'credential'>;
	let browser: Browser;
	let page: Page;
	let editor: Editor;

	/** Files of the project, served at GitHub's address. */
	const github: CloudService = async ({ url }) => ({
		body: await read(url.pathname.replace('/n8n-nodes-terra/n8n-nodes-terra/main/', '')),
	});
	/** The sandbox at Terra's own address, so that the Base URL need not be changed. */
	const terra: CloudService = async ({ method, url, headers, body }) => {
		const { pathname, search } = url;
		const { 'dev-id': devId, 'x-api-key': apiKey, 'content-type': contentType } = headers;
		const answer = await fetch(world.sandbox.url + pathname + search, {
			method,
			headers: Object.entries({ 'dev-id': devId, 'x-api-key': apiKey, 'content-type': contentType })
				.filter(([, value]) => value !== undefined)
				.map(([name, value]): [string, string] => [name, String(value)]),
			body: body.length > 0 ? body.toString() : undefined,
		});
		return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
	};

	beforeAll(async () => {
		folder = await mkdtemp(join(runtimeFolder, 'first-ride-'));
		registry = await startRegistry({
			'raw.githubusercontent.com': github,
			'access.tryterra.co': terra,
		});
		registry.publish(await packVersion('0.1.0', join(folder, 'package')));
		world = await startEmptyWorld({
			...(await registry.npmSettings(folder)),
			NO_PROXY: '127.0.0.1,localhost',
		});
		browser = await openBrowser();
		page = await (await openContext(browser)).newPage();
		await signIn(page, world.url);
		editor = new Editor(page, world.url);
	});
	afterAll(async () => {
		await browser?.close();
		await world?.close();
		await registry?.close();
		await rm(folder, { recursive: true, force: true });
	});

	it('needs as many clicks and fields as docs/setup.md says', async () => {
		const { devId, apiKey, signingSecret } = world.sandbox;
		const hand = new Hand();
		const button = (name: string) => page.getByRole('button', { name, exact: true });

		await hand.click(editor.part('main-sidebar-settings'));
		await hand.click(editor.part('settings-community-nodes'));
		await hand.click(page.getByRole('button', { name: /^Install/ }).first());
		await hand.fill(editor.part('package-name-input'), 'n8n-nodes-terra');
		await hand.click(editor.part('user-agreement-checkbox'));
		await hand.click(editor.part('install-community-package-button'));
		await editor.toast('Package installed').waitFor();

		await hand.click(editor.part('settings-back'));
		await hand.click(editor.part('universal-add'));
		await hand.click(editor.part('navigation-menu-item'));
		await editor.part('canvas-add-button').waitFor();
		const [address] = /https:\/\/raw\.\S+\/new-rides-to-table\.json/.exec(await read('README.md'))!;
		await hand.paste(page, address);
		await hand.click(button('Yes, import'));

		await hand.open(editor.canvasNode('Terra Trigger'));
		await hand.click(editor.part('ndv').getByText('Webhook URLs', { exact: true }));
		await hand.click(page.getByRole('radio', { name: 'Production URL' }));
		await hand.click(editor.part('ndv').locator('.webhook-url'));
		await editor.toast('URL copied').waitFor();
		const webhook = await page.evaluate(() => navigator.clipboard.readText());

		// The steps in Terra's dashboard are not counted, since it is not available here.
		const terra = await page.context().newPage();
		await terra.goto(world.sandbox.url);
		await terra.getByLabel('Destination URL').fill(webhook);
		await terra.getByRole('button', { name: 'Save' }).click();
		await terra.getByText('Saved.').waitFor();

		await hand.click(button('Connect to Terra'));
		const credential = { devId, apiKey, signingSecrets: signingSecret };
		for (const [name, value] of Object.entries(credential)) {
			await hand.fill(editor.field(name).locator('input'), value);
		}
		await hand.click(editor.part('credential-save-button'));
		await editor.part('editCredential-modal').waitFor({ state: 'hidden' });
		await hand.click(editor.part('ndv-close-button'));

		await hand.click(editor.part('workflow-open-publish-modal-button'));
		await hand.click(editor.part('workflow-publish-button'));
		const published = editor.part('activation-modal');
		await hand.click(published.getByRole('button', { name: 'Got it' }));
		await published.waitFor({ state: 'hidden' });

		await hand.open(editor.canvasNode('Connection Link'));
		await hand.click(editor.part('node-execute-button'));
		const [head, row] = await editor.outputTable();
		const link = row![head!.indexOf('url')]!;
		await hand.click(editor.part('output-panel').getByText(link));
		await terra.goto(link);
		await terra.getByRole('button', { name: 'Connect XERT' }).click();
		await terra.getByText('You can close this page').waitFor();
		await hand.click(editor.part('ndv-close-button'));

		await terra.goto(world.sandbox.url);
		const me = terra.locator('.athlete', { has: terra.getByText('me', { exact: true }) });
		await me.getByRole('button', { name: 'Finish a ride' }).click();
		const said = me.getByRole('status').filter({ hasText: /km: Accepted/ });
		await said.waitFor();
		const ride = /^(.*), [\d.]+ km/.exec(await said.innerText())![1]!;

		await hand.click(editor.part('project-home-menu-item'));
		await hand.click(page.getByText('Data tables', { exact: true }).first());
		await hand.click(page.getByText('Rides', { exact: true }).first());
		await page.getByText(ride).first().waitFor();

		const { clicks, fields } = hand;
		expect(await read('docs/setup.md')).toContain(`${clicks} clicks and ${fields} fields`);
	});
});
