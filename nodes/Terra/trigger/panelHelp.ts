/** Numbered by hand: of HTML, n8n's panel shows letters, line breaks and links. */
const steps = (...lines: string[]) =>
	lines.map((line, index) => `${index + 1}. ${line}`).join('<br>');

const TRY_IT = steps(
	"Open <b>Webhook URLs</b> in this node's parameters and copy the <b>Test URL</b>.",
	"In Terra's dashboard, best in the Testing environment: Connections → Destinations, paste it.",
	"Press the button above, and finish a ride or send an event from the dashboard's generator.",
);

const EXECUTIONS = "<a data-key='executions'>executions list</a>";

/** What stands beside the trigger before it listens; while it listens n8n's own text takes the place. */
export const PANEL_HELP = {
	unpublished: [
		`<b>To try it</b><br>${TRY_IT}`,
		'With Webhook Registration set to Automatically, start at step 3.',
		`<b>For good</b>, do the same with the <b>Production URL</b> and publish this workflow. Each delivery is then in the ${EXECUTIONS}.`,
	].join('<br><br>'),
	published: [
		`This workflow is published: deliveries to the Production URL are in the ${EXECUTIONS}, not in the editor.`,
		`<b>To try changes</b><br>${TRY_IT}`,
	].join('<br><br>'),
};
