import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Opens the machine's own Chromium or Chrome, without a window. Throws when there is none. */
export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({
		executablePath: findBrowser(),
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
	});
}

function findBrowser(): string {
	const folders = (process.env.PATH ?? '').split(delimiter);
	for (const name of names) {
		const found = folders.map((folder) => join(folder, name)).find(existsSync);
		if (found) return found;
	}
	throw new Error('Install Chromium first (Debian and Ubuntu: "apt-get install chromium").');
}
