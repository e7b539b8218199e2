import type { Locator, Page } from 'playwright-core';

/** Does what a person's hand does, and counts it. */
export class Hand {
	clicks = 0;
	fields = 0;

	async click(target: Locator): Promise<void> {
		await target.click();
		this.clicks++;
	}

	/** A double click, which a person makes as one. */
	async open(target: Locator): Promise<void> {
		await target.dblclick();
		this.clicks++;
	}

	/** Types or pastes into a field; the click into it is part of that. */
	async fill(target: Locator, text: string): Promise<void> {
		await target.fill(text);
		this.fields++;
	}

	/** Pastes where the page is, as into a field. */
	async paste(page: Page, text: string): Promise<void> {
		await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
		await page.keyboard.press('Control+V');
		this.fields++;
	}
}
