import { readFile } from 'node:fs/promises';
import type { INode } from 'n8n-workflow';

import {
	createHistoryWorkflow,
	createTriggerWorkflow,
	historyName,
	nextName,
	triggerName,
} from '../e2e/support';
import {
	adminCredentialFor,
	createTerraCredential,
	credentialFor,
	noSecret,
} from '../../playground/credential';
import type { Credential } from '../../playground/n8n';
import type { Editor } from './editor';
import { keepFile, picture } from './picture';
import type { Desk } from './support';
import { describeInBrowser, startDesk } from './support';
import { keyOf } from '../support/keyOf';

jest.setTimeout(180_000);

describeInBrowser("n8n's editor", () => {
	let desk: Desk;
	let editor: Editor;
	beforeAll(async () => {
		desk = await startDesk();
	});
	afterAll(async () => await desk?.close());
	beforeEach(async () => {
		editor = await desk.openEditor();
	});
	afterEach(async () => {
		desk.sandbox.setDestination(null);
		await editor.page.close();
	});

	describe('the node search', () => {
		it.each(['Xert', 'Terra'])('"%s" finds Terra first, with its triggers', async (words) => {
			await editor.newWorkflow();
			await editor.searchNodes(words);
			const terra = editor.suggestion(/^\s*Terra\s*$/);
			await terra.waitFor();
			const first = editor.page.locator('[data-test-id="node-creator-item-name"]:visible').first();
			expect((await first.innerText()).trim()).toBe('Terra');
			await picture(editor.page, 'node-creator', [editor.part('node-creator')]);

			await terra.click();
			await editor.suggestion('On a new or updated ride or workout').waitFor();
			expect(await editor.suggestion(/^\s*On /).innerText()).toContain('a new or updated ride');
		});

		it('shows rides first after "xert" and Enter twice, and hides their fields for other events', async () => {
			await editor.newWorkflow();
			await editor.searchNodes('xert');
			await editor.suggestion(/^\s*Terra\s*$/).waitFor();
			await editor.page.keyboard.press('Enter');
			await editor.suggestion('On a new or updated ride or workout').waitFor();
			// n8n reacts to the key a moment after it shows the list.
			while (!(await editor.part('ndv').isVisible())) {
				await editor.page.keyboard.press('Enter');
				await editor.page.waitForTimeout(500);
			}
			await editor.field('events').getByText('A New or Updated Ride or Workout').waitFor();
			const ofRides = ['emit', 'columns', 'figures', 'units'];
			for (const name of ofRides) await editor.field(name).waitFor();

			await editor.field('events').locator('.el-tag__close').first().click();
			await editor.chooseOption('events', 'Access Revoked');
			for (const name of ofRides) await editor.field(name).waitFor({ state: 'hidden' });
			await editor.field('simplify').waitFor();
		});

		it('shows the actions on a canvas with a trigger', async () => {
			const { workflow } = await createTriggerWorkflow(desk);
			await editor.openWorkflow(workflow.id, triggerName);
			await editor.searchNodes('Xert');
			await editor.suggestion(/^\s*Terra\s*$/).click();
			for (const action of ['Get many activities', 'Export activities', 'Get many athletes']) {
				await editor.suggestion(action).waitFor();
			}
		});
	});

	describe('a new credential', () => {
		const openForm = async () => {
			await editor.newWorkflow();
			await editor.searchNodes('Xert');
			await editor.addTerraNode('On a new or updated ride or workout');
			await editor.part('node-credentials-select').click();
			await editor.part('node-credentials-select-item-new').click();
			await editor.part('editCredential-modal').waitFor();
		};
		const type = async (values: Record<string, unknown>) => {
			for (const [name, value] of Object.entries(values)) {
				await editor.field(name).locator('input').fill(String(value));
			}
		};
		const fill = async (values: Record<string, unknown>) => {
			await type(values);
			await editor.part('credential-save-button').click();
		};
		const banner = (text: string | RegExp) =>
			editor.part('editCredential-modal').getByText(text).first();

		it('is tested when saved, and the result is shown', async () => {
			const { devId, apiKey, signingSecrets, baseUrl } = credentialFor(desk.sandbox);
			await openForm();
			await banner('A Terra Trigger needs it before you publish').waitFor();
			await type({ signingSecrets });
			await banner('cannot check the secret').waitFor();
			await fill({ devId, apiKey, baseUrl });
			await editor.toast('Credential successfully created').waitFor();
			await editor.part('editCredential-modal').waitFor({ state: 'hidden' });

			await editor.part('credential-edit-button').click();
			await banner('Connection tested successfully').waitFor();
			await picture(editor.page, 'credential', [editor.part('editCredential-modal')]);
		});

		it.each([
			[
				'a wrong API Key',
				{ apiKey: 'wrong' },
				/does not know this pair of Developer ID and API Key/,
			],
			['another environment', { devId: 'other-prod' }, /belong to different environments/],
			['no Terra there', { baseUrl: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9 cannot be reached/],
			['no address', { baseUrl: 'terra' }, /The Base URL is not a web address/],
		])('has its problem explained: %s', async (_case, change, explanation) => {
			const { devId, apiKey, baseUrl } = credentialFor(desk.sandbox);
			await openForm();
			await fill({ devId, apiKey, baseUrl, ...change });
			await banner(/Couldn.t connect with these settings/).waitFor();
			await banner('More details').click();
			await banner(explanation).waitFor();
			if ('apiKey' in change) {
				await picture(editor.page, 'credential-refused', [editor.part('editCredential-modal')]);
			}
		});
	});

	it('tests the token of a new Terra Admin API credential', async () => {
		const { devId, token, baseUrl } = adminCredentialFor(desk.sandbox);
		await editor.newWorkflow();
		await editor.searchNodes('Xert');
		await editor.addTerraNode('On a new or updated ride or workout');
		await editor.chooseOption('registration', 'Automatically');
		await editor.page.getByRole('button', { name: 'Connect to Terra Admin' }).click();
		const form = editor.part('editCredential-modal');
		const save = async (values: Record<string, string>) => {
			for (const [name, value] of Object.entries(values)) {
				await editor.field(name).locator('input').fill(value);
			}
			await editor.part('credential-save-button').click();
		};
		await save({ devId, token: 'wrong', baseUrl });
		await form.getByText(/Couldn.t connect with these settings/).waitFor();
		await form.getByText('More details').click();
		await form
			.getByText(/Personal Access Token/)
			.first()
			.waitFor();
		await save({ token });
		// It closes only if the credential test passes.
		await form.waitFor({ state: 'hidden' });
	});

	describe('the Terra Trigger', () => {
		it('shows the set-up steps, the address to copy, and then a ride that has just finished', async () => {
			await editor.newWorkflow();
			await editor.searchNodes('Xert');
			await editor.addTerraNode('On a new or updated ride or workout');
			await editor.chooseCredential(desk.credential.name);
			const ndv = editor.part('ndv');
			await ndv.getByText('Connections → Sources: enable Xert').waitFor();
			await ndv.getByText('First give Terra the Test URL').waitFor();
			await picture(editor.page, 'terra-trigger', [ndv, editor.part('node-parameters')]);

			const copyAddress = async (kind: 'Test URL' | 'Production URL') => {
				await editor.page.getByRole('radio', { name: kind }).click();
				await ndv.locator('.webhook-url').click();
				await editor.toast('URL copied').waitFor();
				return await editor.page.evaluate(() => navigator.clipboard.readText());
			};
			await ndv.getByText('Webhook URLs', { exact: true }).click();
			const production = await copyAddress('Production URL');
			expect(production).toMatch(/^http:\/\/[^/]+\/webhook\/[0-9a-f-]{36}\/webhook$/);
			const test = await copyAddress('Test URL');
			expect(test).toBe(production.replace('/webhook/', '/webhook-test/'));

			await editor.part('trigger-execute-button').click();
			await ndv.getByText('Listening for test event').waitFor();
			await picture(editor.page, 'trigger-listening', [ndv]);

			const sandbox = await desk.openSandbox();
			await sandbox.getByLabel('Destination URL').fill(test);
			await sandbox.getByRole('button', { name: 'Save' }).click();
			await sandbox.getByText('Saved.').waitFor();
			await sandbox.getByRole('button', { name: 'Finish a ride' }).first().click();
			const said = sandbox.getByRole('status').filter({ hasText: /km: Accepted/ });
			await said.waitFor();
			const ride = /^(.*), [\d.]+ km/.exec(await said.innerText())![1]!;

			const [head, row] = await editor.outputTable();
			expect(row![head!.indexOf('reference_id')]).toBe('rider-1');
			expect(row![head!.indexOf('name')]).toBe(ride);
			await editor.part('node-run-status-success').waitFor();
			await picture(editor.page, 'trigger-item', [ndv, editor.part('output-panel')]);
			await sandbox.close();
		});

		const listen = async (parameters: INode['parameters'], credential?: Credential) => {
			const { workflow, test } = await createTriggerWorkflow(desk, parameters, credential);
			await editor.openNode(workflow.id, triggerName);
			await editor.part('trigger-execute-button').click();
			await editor.part('ndv').getByText('Listening for test event').waitFor();
			desk.sandbox.setDestination(test);
			await desk.sandbox.finishRide();
		};

		it('explains why a ride in a test was left out', async () => {
			await listen({ filters: { minDistance: 1_000 } });
			const error = editor.part('node-error-message');
			await error.getByText('left out: shorter than the minimum distance').waitFor();
			await picture(editor.page, 'trigger-left-out', [editor.part('output-panel')]);
		});

		it('explains why a ride in a test was refused, which Check Set-Up lists first as well', async () => {
			const wrong = await createTerraCredential(desk.client, desk.sandbox, {
				signingSecrets: 'wrong',
			});
			await listen({}, wrong);
			const error = editor.part('node-error-message');
			await error.getByText('refused (401): The signature does not match').waitFor();

			const checkSetup = { resource: 'account', operation: 'checkSetup' };
			const { id } = await createHistoryWorkflow({ ...desk, credential: wrong }, checkSetup);
			await editor.openNode(id, historyName);
			await editor.executeStep();
			const [head, first] = await editor.outputTable();
			expect(head!.slice(0, 2)).toEqual(['result', 'check']);
			expect(first!.slice(0, 2)).toEqual(['To do', 'Signing Secret']);
			await picture(editor.page, 'check-set-up', [editor.part('output-panel')]);
		});

		it('explains that it needs a Signing Secret to listen for a test event', async () => {
			const unsigned = await createTerraCredential(desk.client, desk.sandbox, noSecret);
			const { workflow } = await createTriggerWorkflow(desk, {}, unsigned);
			await editor.openNode(workflow.id, triggerName);
			await editor.part('trigger-execute-button').click();
			await editor.toast(/'Signing Secret' of the Terra API credential is empty/).waitFor();
		});

		it('can be published, and the list of executions shows a ride that arrives', async () => {
			const { workflow, production } = await createTriggerWorkflow(desk);
			await editor.openWorkflow(workflow.id, triggerName);
			await editor.part('workflow-open-publish-modal-button').click();
			await editor.part('workflow-publish-button').click();
			const published = editor.part('activation-modal');
			await published.getByText('listen for events from Terra').waitFor();
			await published.getByRole('button', { name: 'Got it' }).click();
			await published.waitFor({ state: 'hidden' });
			// n8n shows that it listens a moment before it does.
			await desk.client.published(workflow.id);

			desk.sandbox.setDestination(production);
			await desk.sandbox.finishRide();
			await desk.sandbox.settled();
			expect(desk.sandbox.ledger.at(-1)).toMatchObject({ outcome: 'accepted' });
			await editor.part('radio-button-executions').click();
			const details = editor.page.locator('[data-test-id^="execution-preview-details-"]:visible');
			await details.getByText('Succeeded').waitFor();
			const preview = editor.part('execution-preview-host');
			await preview.getByText(triggerName).waitFor();
			await picture(editor.page, 'executions', [preview]);

			const checkSetup = { resource: 'account', operation: 'checkSetup' };
			const { id } = await createHistoryWorkflow(desk, checkSetup);
			await editor.openNode(id, historyName);
			await editor.executeStep();
			const rows = await editor.outputTable();
			const secret = rows.find(([, check]) => check === 'Signing Secret');
			expect(secret!.slice(0, 3)).toEqual([
				'OK',
				'Signing Secret',
				expect.stringMatching(/^It matched the delivery of/),
			]);
		});
	});

	describe('the Terra node', () => {
		it('creates a connection link for Xert using only its lists', async () => {
			const { id } = await createHistoryWorkflow(desk, {});
			await editor.openNode(id, historyName);
			await editor.chooseOption('resource', 'Athlete');
			await editor.chooseOption('operation', 'Create Connection Link');
			await editor.executeStep();
			const [head, row] = await editor.outputTable();
			expect(row![head!.indexOf('provider')]).toBe('XERT');
			expect(row![head!.indexOf('url')]).toContain(desk.sandbox.url);
		});

		it('lists athletes, accepts a period and shows the rides in a table', async () => {
			const { id } = await createHistoryWorkflow(desk, {});
			await editor.openNode(id, historyName);
			await editor.part('resource-locator-user').locator('[data-test-id="rlc-input"]').click();
			await editor.part('rlc-search').fill('rider-2');
			const found = editor.part('rlc-item');
			await found.getByText('rider-2 (XERT)').waitFor();
			await picture(editor.page, 'user-picker', [editor.part('ndv')]);
			await found.click();
			await editor.chooseOption('period', 'Last 30 Days');
			await editor.executeStep();

			const [head, ...rows] = await editor.outputTable();
			expect(rows.length).toBeGreaterThan(5);
			expect(new Set(rows.map((row) => row[head!.indexOf('reference_id')]))).toEqual(
				new Set(['rider-2']),
			);
			const dates = rows.map((row) => row[head!.indexOf('local_date')]!);
			expect(dates).toEqual([...dates].sort().reverse());
			await picture(editor.page, 'terra-node', [
				editor.part('node-parameters'),
				editor.part('output-panel'),
			]);
		});

		it("exports a ride picked from the athlete's list", async () => {
			const [athlete] = desk.sandbox.users;
			const { id } = await createHistoryWorkflow(desk, {
				operation: 'export',
				user: { __rl: true, mode: 'id', value: athlete!.user_id },
			});
			await editor.openNode(id, historyName);
			const picker = editor.part('resource-locator-activityKey');
			await picker.locator('[data-test-id="rlc-input"]').click();
			const first = editor.part('rlc-item');
			await first.getByText(/^\s*\d{4}-\d\d-\d\d .+ km, /).waitFor();
			await picture(editor.page, 'activity-picker', [editor.part('ndv')]);
			const day = (await first.innerText()).trim().slice(0, 10);
			await first.click();
			await editor.executeStep();
			await editor.part('radio-button-binary').click();
			await editor.part('output-panel').getByText(`${day} `).first().waitFor();
			await editor.part('output-panel').getByText('fit', { exact: true }).first().waitFor();
		});

		it('asks for the athlete if none is chosen', async () => {
			const { id } = await createHistoryWorkflow(desk, { operation: 'export' });
			await editor.openNode(id, historyName);
			const picker = editor.part('resource-locator-activityKey');
			await picker.locator('[data-test-id="rlc-input"]').click();
			await editor.page.getByText("'Athlete' is empty").first().waitFor();
		});

		it('offers its columns to the next node before the first run', async () => {
			const { id } = await createHistoryWorkflow(desk, {}, 'n8n-nodes-base.set');
			await editor.openNode(id, nextName);
			// n8n remembers which view was chosen last.
			await editor.part('radio-button-schema').click();
			const column = editor.page.getByText('distance_meters', { exact: true });
			await column.first().waitFor();
			await editor.drag(column.first(), editor.part('assignment-collection-drop-area'));
			await editor.part('assignment-value').getByText('{{ $json.distance_meters }}').waitFor();
		});

		const openExport = async (parameters: INode['parameters']) => {
			const { activity, user } = await finishedRide();
			const { id } = await createHistoryWorkflow(desk, {
				operation: 'export',
				activityKey: {
					__rl: true,
					mode: 'key',
					value: keyOf(user, activity.metadata.summary_id),
				},
				...parameters,
			});
			await editor.openNode(id, historyName);
			await editor.executeStep();
			await editor.part('radio-button-binary').click();
			return activity;
		};
		const finishedRide = async () => {
			const { activity } = await desk.sandbox.finishRide({ deliver: false, durationSeconds: 1800 });
			return { activity, user: desk.sandbox.users[0]! };
		};
		const download = async () => {
			const [file] = await Promise.all([
				editor.page.waitForEvent('download'),
				editor.part('ndv-download-binary-data').click(),
			]);
			const bytes = await readFile(await file.path());
			return { name: file.suggestedFilename(), bytes, content: bytes.toString() };
		};

		it('exports a picture, which n8n displays', async () => {
			await openExport({ fileFormat: 'card' });
			await picture(editor.page, 'export', [editor.part('output-panel')]);
			await editor.part('ndv-view-binary-data').click();
			const shown = editor.page.locator('.binary-data-window');
			const image = shown.locator('img');
			await image.waitFor();
			expect(await image.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth)).toBe(1080);
			await picture(editor.page, 'picture-view', [editor.part('output-panel')]);
		});

		it.each(['card', 'chart', 'map'])('exports a %s for download', async (kind) => {
			await openExport({ fileFormat: kind });
			const { name, bytes } = await download();
			expect(name).toMatch(/^\d{4}-\d\d-\d\d .+\.png$/);
			expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
			await keepFile(`${kind}.png`, bytes);
		});

		it('exports a GPX file for download', async () => {
			const activity = await openExport({ fileFormat: 'gpx' });
			const { name, content } = await download();
			expect(name).toMatch(/^\d{4}-\d\d-\d\d .+\.gpx$/);
			const points = content.match(/<trkpt /g)!.length;
			expect(points).toBeGreaterThan(1000);
			expect(content).toContain(String(activity.metadata.name));
		});

		it('explains what went wrong, and what to do', async () => {
			const { id } = await createHistoryWorkflow(desk, {
				user: { __rl: true, mode: 'id', value: '00000000-0000-4000-8000-000000000000' },
			});
			await editor.openNode(id, historyName);
			await editor.executeStep();
			const error = editor.part('node-error-message');
			await error.getByText('Terra does not know this athlete').waitFor();
			await editor.part('node-error-description').getByText("Check the 'Athlete'").waitFor();
			await picture(editor.page, 'user-error', [editor.part('output-panel')]);
		});
	});
});
