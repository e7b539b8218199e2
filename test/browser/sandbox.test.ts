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
	const result = (name: string, text: RegExp) =>
		athlete(name).getByRole('status').filter({ hasText: text });
	const saveDestination = async (url: string) => {
		await page.getByLabel('Destination URL').fill(url);
		await page.getByRole('button', { name: 'Save' }).click();
	};

	it('shows who is connected, and the values for n8n', async () => {
		for (const name of ['rider-1', 'rider-2', 'rider-3', 'walker-1']) await athlete(name).waitFor();
		for (const value of [sandbox.devId, sandbox.apiKey, sandbox.signingSecret, sandbox.apiBase]) {
			await page.getByText(value, { exact: true }).waitFor();
		}
	});

	it('keeps a ride in the history if there is no destination', async () => {
		await finish('rider-2').click();
		await result('rider-2', /^Kept in the history: there is no address/).waitFor();
		await page.getByText('Nothing yet. Finish a ride.').waitFor();
	});

	it('delivers a ride, shows the answer, and sends the ride again', async () => {
		await saveDestination(receiver.url);
		await page.getByText('Saved.').waitFor();
		await athlete('rider-1').getByLabel('indoor').check();
		await finish('rider-1').click();
		await result('rider-1', /indoor.*km: Accepted: “answer 1”/).waitFor();
		await delivery(0).getByText('Accepted: “answer 1”').waitFor();
		await delivery(0).getByText('rider-1', { exact: true }).waitFor();
		expect(receiver.received[0]!.json).toMatchObject({ user: { reference_id: 'rider-1' } });

		await delivery(0).getByRole('button', { name: 'Send again' }).click();
		await delivery(0).getByText('Accepted: “answer 2”').waitFor();
		expect(receiver.received[1]!.body).toEqual(receiver.received[0]!.body);
		await page.evaluate(() => scrollTo(0, 0));
		await picture(page, 'sandbox', [page.locator('main')]);
	});

	it('delivers nothing once the address is removed', async () => {
		await saveDestination('');
		await page.getByText('Removed: rides stay in the history.').waitFor();
		await finish('rider-1').click();
		await result('rider-1', /Kept in the history/).waitFor();
		expect(receiver.received).toHaveLength(2);
		await page.getByRole('button', { name: 'Back to the first address' }).click();
		await page.getByText('Saved.').waitFor();
		expect(await page.getByLabel('Destination URL').inputValue()).toBe(receiver.url);
		const n8n = page.getByRole('link', { name: /Open n8n/ });
		expect(await n8n.getAttribute('href')).toBe(new URL(receiver.url).origin);
	});

	it('shows a delivery that was refused until Terra gave up', async () => {
		receiver.answers = Array<number>(50).fill(401);
		await finish('rider-3').click();
		await delivery(0)
			.getByText(/^Refused \(401\): “answer \d+”$/)
			.waitFor();
		receiver.answers = [];
	});

	it('updates and deletes a ride', async () => {
		await finish('rider-1').click();
		await result('rider-1', /Accepted/).waitFor();
		await athlete('rider-1').getByRole('button', { name: 'Update this ride' }).click();
		await result('rider-1', /\(renamed\), [\d.]+ km: Accepted/).waitFor();
		await athlete('rider-1').getByRole('button', { name: 'Delete it' }).click();
		await result('rider-1', /: deleted: Accepted/).waitFor();
		const [ride, updated, deleted] = receiver.received
			.slice(-3)
			.map(({ json }) => (json as { data: Array<{ metadata: object }> }).data[0]!.metadata);
		const { summary_id } = ride as { summary_id: string };
		expect(updated).toMatchObject({ summary_id, name: expect.stringContaining('(renamed)') });
		expect(deleted).toMatchObject({ summary_id, upload_type: 4 });
		await athlete('rider-1')
			.getByRole('button', { name: 'Delete it' })
			.waitFor({ state: 'hidden' });
	});

	it('connects and disconnects an athlete, and sends the events for both', async () => {
		await page.getByLabel('Reference ID').fill('rider-9');
		await page.getByRole('button', { name: 'Connect an athlete' }).click();
		await page.getByText(/^Connected: Accepted/).waitFor();
		await athlete('rider-9').getByRole('button', { name: 'Disconnect' }).click();
		await athlete('rider-9').waitFor({ state: 'detached' });
		await page.getByText(/^Disconnected: Accepted/).waitFor();
		expect(receiver.received.slice(-2).map(({ json }) => json)).toMatchObject(
			['auth', 'deauth'].map((type) => ({ type, user: { reference_id: 'rider-9' } })),
		);
	});

	it('stops answering for a while', async () => {
		const ask = async () =>
			await fetch(`${sandbox.apiBase}/subscriptions`, {
				headers: { 'dev-id': sandbox.devId, 'x-api-key': sandbox.apiKey },
			});
		await page.getByRole('button', { name: 'Stop answering' }).click();
		await page.getByText(/Terra is down for another \d+ s/).waitFor();
		expect((await ask()).status).toBe(503);
		await page.getByRole('button', { name: 'Answer again' }).click();
		await page.getByText('Terra is up.').waitFor();
		expect((await ask()).status).toBe(200);
	});

	it('fits a phone without horizontal scrolling', async () => {
		await page.setViewportSize({ width: 390, height: 800 });
		const widest = await page.evaluate(() => document.documentElement.scrollWidth);
		await page.setViewportSize({ width: 1280, height: 800 });
		expect(widest).toBe(390);
	});

	it('copies the values for n8n', async () => {
		const row = page.locator('dd').filter({ hasText: sandbox.signingSecret });
		await row.getByRole('button', { name: 'Copy' }).click();
		await row.getByText('Copied').waitFor();
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		expect(copied).toBe(sandbox.signingSecret);
	});
});
