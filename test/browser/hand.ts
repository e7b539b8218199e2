import type { Locator, Page } from 'playwright-core';

/** Clicks and types like a user, and counts it. */
export class Hand {
	clicks = 0;
	fields = 0;

	async click(target: Locator): Promise<void> {
		await target.click();
		this.clicks++;
	}

	/** A double click, which counts as one. */
	async open(target: Locator): Promise<void> {
		await target.dblclick();
		this.clicks++;
	}

	/** Types or pastes into a field, including the click into it. */
	async fill(target: Locator, text: string): Promise<void> {
		await target.fill(text);
		this.fields++;
	}

	/** Pastes onto the page, which counts like a field. */
	async paste(page: Page, text: string): Promise<void> {
		await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
		await page.keyboard.press('Control+V');
		this.fields++;
	}
}
