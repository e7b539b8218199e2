import { exampleFiles, readExample } from '../../docs/pinned';
import { picture } from './picture';
import { describeInBrowser, startDesk, type Desk } from './support';

jest.setTimeout(300_000);

/** Buttons that cover the nodes. */
const OVER = [
	'[data-test-id="canvas-controls"]',
	'[class*="_executionButtons_"]',
	'[class*="_nodeButtonsWrapper_"]',
]
	.map((over) => `${over}, ${over} * { visibility: hidden !important }`)
	.join('\n');

describeInBrowser('the gallery of examples', () => {
	let desk: Desk;
	beforeAll(async () => {
		desk = await startDesk();
	});
	afterAll(async () => await desk?.close());

	it.each(exampleFiles().map((file) => file.slice(0, -5)))(
		'has a picture of %s as imported',
		async (name) => {
			const { nodes, ...workflow } = readExample(`${name}.json`);
			// The note is text, which can be read in the file.
			const shown = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
			const { id } = await desk.client.createWorkflow({ ...workflow, nodes: shown });
			const editor = await desk.openEditor();
			await editor.page.setViewportSize({ width: 1280, height: 640 });
			await editor.openWorkflow(id, shown[0]!.name);
			for (const node of shown) await editor.canvasNode(node.name).waitFor();
			await editor.part('zoom-to-fit').click();
			await editor.page.addStyleTag({ content: OVER });
			const canvas = (await editor.part('canvas').boundingBox())!;
			// The tabs of the page overlap it.
			const part = { ...canvas, y: canvas.y + 20, height: canvas.height - 20 };
			const nodesOnIt = shown.slice(0, 2).map((node) => editor.canvasNode(node.name));
			await picture(editor.page, `example-${name}`, nodesOnIt, part);
			await editor.page.close();
		},
	);
});
