import type { Browser, BrowserContext, Page } from 'playwright-core';

import { findBrowser, howToInstall, openBrowser } from '../../playground/browser';
import { owner } from '../../playground/n8n';
import type { World } from '../e2e/support';
import { startWorld } from '../e2e/support';
import { Editor } from './editor';

/** n8n's editor in a browser, with a sandbox. */
export interface Desk extends World {
	context: BrowserContext;
	/** Opens n8n's editor in a new tab, signed in. */
	openEditor(): Promise<Editor>;
	/** Opens the sandbox's page in a new tab. */
	openSandbox(): Promise<Page>;
}

const viewport = { width: 1280, height: 800 };

/** Generous for slow machines: nothing waits longer than it must. */
const timeoutMs = 45_000;

/** Skips the tests with a reason on a machine without a browser; with CI set, they fail instead. */
export const describeInBrowser = findBrowser() || process.env.CI ? describe : describe.skip;
if (!findBrowser()) process.stderr.write(`${howToInstall} Until then these tests are skipped.\n`);

export async function openContext(browser: Browser): Promise<BrowserContext> {
	const context = await browser.newContext({
		viewport,
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	context.setDefaultTimeout(timeoutMs);
	return context;
}

/** Starts a real n8n with the packed tarball, the sandbox and a browser in which the owner is signed in. */
export async function startDesk(): Promise<Desk> {
	const browser = await openBrowser();
	const close = async () => await browser.close();
	try {
		const world = await startWorld();
		const context = await openContext(browser);
		await signIn(await context.newPage(), world.url);
		return {
			...world,
			context,
			openEditor: async () => new Editor(await context.newPage(), world.url),
			async openSandbox() {
				const page = await context.newPage();
				await page.goto(world.sandbox.url);
				return page;
			},
			async close() {
				await close();
				await world.close();
			},
		};
	} catch (error) {
		await close();
		throw error;
	}
}

export async function signIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email]').fill(owner.email);
	await page.locator('input[type=password]').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home/);
}
