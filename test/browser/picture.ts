import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { projectFolder } from '../../playground/n8n';

const folder = join(projectFolder, 'docs/images');

/** Set by `npm run screenshots`; otherwise pictures are only checked. */
const keep = process.env.TERRA_KEEP_PICTURES === 'true';

const most = { bytes: 150_000 };

/** An empty panel has one or two colours; text alone, with its smooth edges, has dozens. */
const fewestColours = 16;

/**
 * Takes a picture of the page in light and dark, and throws if one of the panels on it is blank or broken: no text, no
 * colours, a placeholder such as "undefined", an image that did not load. `npm run screenshots` saves the pictures as
 * `docs/images/<name>.png` and, if it looks different, `<name>-dark.png`.
 *
 * @param part of the page; by default all of it
 */
export async function picture(
	page: Page,
	name: string,
	panels: Locator[],
	part?: Box,
): Promise<void> {
	let light: Buffer | undefined;
	for (const [colorScheme, file] of [
		['light', `${name}.png`],
		['dark', `${name}-dark.png`],
	] as const) {
		await page.emulateMedia({ colorScheme });
		for (const panel of panels) await checkText(panel, file);
		await checkImages(page, file);
		const options = { animations: 'disabled', caret: 'hide', style: hidden } as const;
		await checkColours(page, await page.screenshot(options), panels, file);
		const png = await page.screenshot({ ...options, clip: part });
		if (png.length > most.bytes) {
			throw new Error(`${file} has ${png.length} bytes, more than ${most.bytes}`);
		}
		// A picture that looks the same in the dark is saved once.
		if (!light?.equals(png)) await keepFile(file, png);
		light = png;
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

/** Writes a file to `docs/images`, but only for `npm run screenshots`. */
export async function keepFile(name: string, bytes: Buffer): Promise<void> {
	if (!keep) return;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, name), bytes);
}

/** Notifications cover the panels; tests assert them where they matter. */
const hidden = '.el-notification { visibility: hidden !important }';

async function checkText(panel: Locator, file: string): Promise<void> {
	const text = await panel.innerText();
	if (text.trim() === '') throw new Error(`${file}: a panel has no text`);
	const leak = /\[object Object\]|\bundefined\b|\bNaN\b|\{\{/.exec(text);
	if (leak) throw new Error(`${file}: a panel says "${leak[0]}"`);
}

async function checkImages(page: Page, file: string): Promise<void> {
	await page.waitForFunction(() => [...document.images].every((image) => image.complete));
	const broken = await page.evaluate(() =>
		[...document.images]
			.filter((image) => image.checkVisibility() && image.naturalWidth === 0)
			.map((image) => image.src),
	);
	if (broken.length > 0) throw new Error(`${file}: not loaded: ${broken.join(', ')}`);
}

async function checkColours(page: Page, png: Buffer, panels: Locator[], file: string) {
	const canvas = await page.context().newPage();
	try {
		for (const panel of panels) {
			const box = await panel.boundingBox();
			if (!box) throw new Error(`${file}: a panel is not visible`);
			const colours = await countColours(canvas, png, box);
			if (colours < fewestColours) {
				throw new Error(`${file}: a panel is blank, it has ${colours} colours`);
			}
		}
	} finally {
		await canvas.close();
	}
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Counts the colours in the browser, which can decode its own picture. */
async function countColours(canvas: Page, png: Buffer, box: Box): Promise<number> {
	return await canvas.evaluate(
		async ([encoded, { x, y, width, height }]) => {
			const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
			const image = await createImageBitmap(new Blob([bytes]));
			const drawing = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
			drawing.drawImage(image, 0, 0);
			const { data } = drawing.getImageData(x, y, width, height);
			return new Set(new Uint32Array(data.buffer)).size;
		},
		[png.toString('base64'), box] as const,
	);
}
