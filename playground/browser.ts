import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Shown if no browser is found. */
export const howToInstall =
	'Install Chromium first (Debian and Ubuntu: "apt-get install chromium").';

/** Starts the installed Chromium or Chrome, headless. Throws if there is none. */
export async function openBrowser(): Promise<Browser> {
	const executablePath = findBrowser();
	if (!executablePath) throw new Error(howToInstall);
	return await chromium.launch({
		executablePath,
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
	});
}

/** Path of the installed Chromium or Chrome, if there is one. */
export function findBrowser(): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
	return paths.find(existsSync);
}
