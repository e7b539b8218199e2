import type { Browser, Page } from 'playwright-core';

import { openBrowser } from '../../playground/browser';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { Receiver } from '../sandbox/receiver';
import { picture } from './picture';
import { describeInBrowser, openContext } from './support';

jest.setTimeout(60_000);

describeInBrowser("the sandbox's page", () => {
	let browser: Browser;
	let sandbox: Sandbox;
	let receiver: Receiver;
	let page: Page;
	const complaints: string[] = [];
	beforeAll(async () => {
		browser = await openBrowser();
		receiver = await new Receiver().start();
		sandbox = await startSandbox({ timeScale: 1_000_000 });
		page = await (await openContext(browser)).newPage();
		page.on('pageerror', (error) => complaints.push(error.message));
		page.on('console', (message) => {
			if (message.type() === 'error') complaints.push(message.text());
		});
		await page.goto(sandbox.url);
	});
	afterAll(async () => {
		await browser?.close();
		await sandbox?.close();
		await receiver?.stop();
	});

	afterEach(() => expect(complaints).toEqual([]));

	const athlete = (name: string) => page.locator('.athlete').filter({ hasText: name });
	const finish = (name: string) => athlete(name).getByRole('button', { name: 'Finish a ride' });
	const delivery = (row: number) => page.locator('#deliveries tr').nth(row);
	const message = (text: RegExp) => page.getByRole('status').filter({ hasText: text });
	const saveDestination = async (url: string) => {
		await page.getByLabel('Destination URL').fill(url);
		await page.getByRole('button', { name: 'Save' }).click();
	};

	it('shows who is connected, and what to type into n8n', async () => {
		for (const name of ['rider-1', 'rider-2', 'rider-3', 'walker-1']) await athlete(name).waitFor();
		for (const value of [sandbox.devId, sandbox.apiKey, sandbox.signingSecret, sandbox.apiBase]) {
			await page.getByText(value, { exact: true }).waitFor();
		}
	});

	it('keeps a ride that nobody wants to hear of', async () => {
		await finish('rider-2').click();
		await message(/km: kept in the history \(no destination\)/).waitFor();
		await page.getByText('Nothing yet. Finish a ride.').waitFor();
	});

	it('delivers a ride, shows the answer, and sends it again', async () => {
		await saveDestination(receiver.url);
		await message(/The destination is saved/).waitFor();
		await athlete('rider-1').getByLabel('indoor').check();
		await finish('rider-1').click();
		await message(/indoor.*km: accepted/).waitFor();
		await delivery(0).getByText('200 answer 1').waitFor();
		expect(receiver.received[0]!.json).toMatchObject({ user: { reference_id: 'rider-1' } });

		await delivery(0).getByRole('button', { name: 'Resend' }).click();
		await delivery(0).getByText('200 answer 2').waitFor();
		expect(receiver.received[1]!.body).toEqual(receiver.received[0]!.body);
		await picture(page, 'sandbox', [page.locator('main')]);
	});

	it('delivers nothing any more when the address is removed', async () => {
		await saveDestination('');
		await message(/The destination is removed/).waitFor();
		await finish('rider-1').click();
		await message(/kept in the history/).waitFor();
		expect(receiver.received).toHaveLength(2);
		await saveDestination(receiver.url);
		await message(/The destination is saved/).waitFor();
	});

	it('shows a delivery that was refused until Terra gave up', async () => {
		receiver.answers = Array<number>(50).fill(401);
		await finish('rider-3').click();
		await delivery(0).getByText('gave up').waitFor();
		await delivery(0)
			.getByText(/^401 answer/)
			.waitFor();
	});

	it('copies what is to be typed into n8n', async () => {
		const row = page.locator('dd').filter({ hasText: sandbox.signingSecret });
		await row.getByRole('button', { name: 'Copy' }).click();
		await row.getByText('Copied').waitFor();
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		expect(copied).toBe(sandbox.signingSecret);
	});
});
