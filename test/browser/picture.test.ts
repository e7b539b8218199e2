import type { Browser, Page } from 'playwright-core';

import { openBrowser } from '../../playground/browser';
import { picture } from './picture';
import { describeInBrowser, openContext } from './support';

jest.setTimeout(60_000);

describeInBrowser('the check of a picture', () => {
	let browser: Browser;
	let page: Page;
	beforeAll(async () => {
		browser = await openBrowser();
		page = await (await openContext(browser)).newPage();
	});
	afterAll(async () => await browser?.close());

	const look = async (html: string) => {
		await page.setContent(html);
		await picture(page, 'none', [page.locator('main')]);
	};
	// The name does not matter: each of these is refused, and so never saved.
	it.each([
		['without a word', '<main style="height:90px"></main>', /has no text/],
		['in one colour', '<main style="color:transparent">A ride</main>', /is blank/],
		['with a value meant for programs', '<main>Distance: undefined km</main>', /"undefined"/],
		[
			'without its image',
			'<main>A ride <img src="data:image/png,no" width="9"></main>',
			/not loaded/,
		],
	])('refuses a panel %s', async (_case, html, reason) => {
		await expect(look(html)).rejects.toThrow(reason);
	});
});
