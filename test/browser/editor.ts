import type { Locator, Page } from 'playwright-core';

/** n8n's editor as a user sees it: it waits for visible elements and clicks only those. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** The part of the page with n8n's own test ID. */
	part(name: string): Locator {
		return this.page.locator(`[data-test-id="${name}"]:visible`).first();
	}

	/** A field of the open node or credential. */
	field(name: string): Locator {
		return this.part(`parameter-input-${name}`);
	}

	/** An entry in n8n's search results. */
	suggestion(name: string | RegExp): Locator {
		return this.page
			.locator('[data-test-id="node-creator-item-name"]:visible')
			.filter({ hasText: name })
			.first();
	}

	/** A notification in the corner. */
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

	/** Opens a workflow and the panel of one of its nodes. */
	async openNode(workflowId: string, nodeName: string): Promise<void> {
		await this.openWorkflow(workflowId, nodeName);
		await this.canvasNode(nodeName).dblclick();
		await this.part('ndv').waitFor();
	}

	/** Types into the node search of a canvas, empty or not. */
	async searchNodes(words: string): Promise<void> {
		await this.part('canvas-add-button').or(this.part('node-creator-plus-button')).first().click();
		await this.part('node-creator-search-bar').fill(words);
	}

	/** Chooses one of the triggers or actions that a node offers, and waits for its panel. */
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

	/** Drags with intermediate moves, since n8n only reacts to a moving pointer. */
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

	/** The rows of the table in the output panel, as texts. */
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
