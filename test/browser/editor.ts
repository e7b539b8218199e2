import type { Locator, Page } from 'playwright-core';

/** n8n's editor as a person uses it: what is visible is waited for, what is clicked is visible. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** By the name that n8n gives a part of its page for tests. */
	part(name: string): Locator {
		return this.page.locator(`[data-test-id="${name}"]:visible`).first();
	}

	/** A field of the node or credential that is open. */
	field(name: string): Locator {
		return this.part(`parameter-input-${name}`);
	}

	/** Where n8n lists what fits the words that were typed. */
	suggestion(name: string | RegExp): Locator {
		return this.page
			.locator('[data-test-id="node-creator-item-name"]:visible')
			.filter({ hasText: name })
			.first();
	}

	/** A message in the corner. */
	toast(text: string | RegExp): Locator {
		return this.page.getByRole('alert').filter({ hasText: text }).first();
	}

	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('canvas-add-button').waitFor();
	}

	async openWorkflow(id: string, nodeName: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.canvasNode(nodeName).waitFor();
	}

	canvasNode(nodeName: string): Locator {
		return this.page.locator(`[data-node-name="${nodeName}"]`).first();
	}

	/** Opens a workflow, and in it a node's panel. */
	async openNode(workflowId: string, nodeName: string): Promise<void> {
		await this.openWorkflow(workflowId, nodeName);
		await this.canvasNode(nodeName).dblclick();
		await this.part('ndv').waitFor();
	}

	/** Types into the node creator of an empty canvas, or of one with nodes on it. */
	async searchNodes(words: string): Promise<void> {
		await this.part('canvas-add-button').or(this.part('node-creator-plus-button')).first().click();
		await this.part('node-creator-search-bar').fill(words);
	}

	/** Takes one of the triggers or actions that a node offers, and waits for its panel. */
	async addTerraNode(action: string): Promise<void> {
		await this.suggestion(/^\s*Terra\s*$/).click();
		await this.suggestion(action).click();
		await this.part('ndv').waitFor();
	}

	async chooseCredential(name: string): Promise<void> {
		await this.part('node-credentials-select').click();
		await this.page
			.locator('[data-test-id^="node-credentials-select-item"]:visible')
			.filter({ hasText: new RegExp(`^\\s*${name}\\s*Terra API`) })
			.click();
	}

	async chooseOption(field: string, option: string): Promise<void> {
		await this.field(field).click();
		// Many options have a description below their name.
		await this.page
			.getByRole('option')
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.click();
	}

	/** As a hand does it: n8n notices only a pointer that moves. */
	async drag(from: Locator, to: Locator): Promise<void> {
		await from.hover();
		await this.page.mouse.down();
		const box = (await to.boundingBox())!;
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		await this.page.mouse.move(x, y - 5, { steps: 10 });
		await this.page.mouse.move(x, y, { steps: 5 });
		await this.page.mouse.up();
	}

	async executeStep(): Promise<void> {
		await this.part('node-execute-button').click();
	}

	/** The cells of the first row that the output panel's table shows. */
	async outputTable(): Promise<string[][]> {
		await this.part('radio-button-table').click();
		const rows = this.part('output-panel').locator('table tr');
		await rows.nth(1).waitFor();
		return await rows.evaluateAll((all) =>
			all.map((row) =>
				[...row.querySelectorAll('th, td')].map((cell) => (cell as HTMLElement).innerText.trim()),
			),
		);
	}
}
