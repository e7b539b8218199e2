/** Numbered by hand: n8n's panel renders only bold text, line breaks and links. */
const steps = (...lines: string[]) =>
	lines.map((line, index) => `${index + 1}. ${line}`).join('<br>');

const TRY_IT = steps(
	"Open <b>Webhook URLs</b> in this node's parameters and copy the <b>Test URL</b>.",
	"In Terra's dashboard, ideally in the Testing environment, paste it under Connections → Destinations.",
	"Press the button above, and finish a ride or send an event from the dashboard's generator.",
);

const EXECUTIONS = "<a data-key='executions'>executions list</a>";

/** The text next to the trigger before it listens; while it listens, n8n shows its own. */
export const PANEL_HELP = {
	unpublished: [
		`<b>To test it</b><br>${TRY_IT}`,
		'With Webhook Registration set to Automatically, start at step 3.',
		`<b>For real use</b>, do the same with the <b>Production URL</b> and publish this workflow. Each delivery then appears in the ${EXECUTIONS}.`,
	].join('<br><br>'),
	published: [
		`This workflow is published: deliveries to the Production URL appear in the ${EXECUTIONS}, not in the editor.`,
		`<b>To test changes</b><br>${TRY_IT}`,
	].join('<br><br>'),
};
