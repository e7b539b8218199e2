import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { openBrowser } from './browser';
import { projectFolder, runtimeFolder } from './n8n';
import type { Playground } from './playground';
import { openPlayground, owner } from './playground';

const images = join(projectFolder, 'docs/images');

/** `npm run screenshots`: takes the pictures of the documentation anew, in a playground of its own. */
async function main(): Promise<void> {
	const userFolder = join(runtimeFolder, `screenshots-${process.pid}`);
	await mkdir(images, { recursive: true });
	try {
		const playground = await openPlayground({ userFolder });
		const browser = await openBrowser();
		try {
			await rideALittle(playground);
			const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
			await takePictures(page, playground);
		} finally {
			await browser.close();
			await playground.close();
		}
	} finally {
		await rm(userFolder, { recursive: true, force: true });
	}
}

async function rideALittle({ sandbox, client, newRides, history }: Playground): Promise<void> {
	await client.run(history.id, 'Run by Hand');
	for (const { user_id } of sandbox.users.filter(({ provider }) => provider === 'XERT')) {
		await sandbox.finishRide({ userId: user_id });
	}
	await sandbox.settled();
	await client.finishedExecutions(newRides.id, 3);
}

async function takePictures(
	page: Page,
	{ sandbox, n8n, client, newRides, history, table }: Playground,
): Promise<void> {
	await page.goto(sandbox.url);
	await snap(page, 'sandbox');

	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email]').fill(owner.email);
	await page.locator('input[type=password]').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home/);

	await page.goto(`${n8n.url}/workflow/${newRides.id}`);
	await canvasIsDrawn(page, 'Terra Trigger');
	await closeChecklist(page);
	await snap(page, 'new-rides-workflow');

	await openNode(page, 'Terra Trigger');
	await snap(page, 'terra-trigger');

	await page.goto(`${n8n.url}/workflow/${history.id}`);
	await canvasIsDrawn(page, 'Get Rides');
	await closeChecklist(page);
	await snap(page, 'history-workflow');

	await openNode(page, 'Get Rides');
	await snap(page, 'terra-node');

	await page.goto(await client.tableUrl(table.id));
	await page.getByText('rider-1').first().waitFor();
	await snap(page, 'rides-table');
}

async function canvasIsDrawn(page: Page, nodeName: string): Promise<void> {
	await page.locator(`[data-node-name="${nodeName}"]`).first().waitFor();
}

/** n8n's advice on published workflows lies over the canvas. */
async function closeChecklist(page: Page): Promise<void> {
	const checklist = page.getByText('Production Checklist');
	await checklist.waitFor();
	await page.keyboard.press('Escape');
	await checklist.waitFor({ state: 'hidden' });
}

async function openNode(page: Page, nodeName: string): Promise<void> {
	await page.locator(`[data-node-name="${nodeName}"]`).first().dblclick();
	await page.locator('[data-test-id="ndv"]').first().waitFor();
}

/** Waits for the animations of the editor, which have no end that could be observed. */
async function snap(page: Page, name: string): Promise<void> {
	await page.waitForTimeout(1500);
	await page.screenshot({ path: join(images, `${name}.png`) });
	console.log(`  docs/images/${name}.png`);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
