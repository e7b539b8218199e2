/**
 * The layers of nodes/Terra, from the top down; each has one or more folders. A folder imports only from the layers
 * below its own, and from some folders only their index.ts. ESLint enforces this. The tables in CONTRIBUTING.md and
 * ARCHITECTURE.md are generated from it.
 */
const LAYERS = [
	{
		resources:
			'A folder for each resource, a file for each operation: its option, fields, `read` and `run`',
		trigger: 'The steps of a delivery, catching up, and the registration of the webhook',
	},
	{
		n8n: "The only folder that uses n8n's contexts: parameters, errors, the connection to Terra, running the items",
	},
	{
		fields: 'Fields that several operations share, with their readers',
		history: 'Any period of history as a stream; the day budget; several users at a time',
		inbox: 'Which deliveries are accepted, which were seen before, and how n8n answers them',
	},
	{ output: 'How records become items and files: the same for the trigger and the operations' },
	{
		files: 'FIT, TCX, GPX and CSV',
		pictures: 'Card, chart and map: composed as a scene, written as SVG or PNG',
		rows: 'Tables of columns, and messages',
		transport:
			'The only folder that calls Terra: requests, classifying answers, retries, the Admin API',
	},
	{ ride: 'A ride, its track, laps, figures and units: arithmetic only' },
	{
		terra:
			"Terra's concepts: events, keys, days, times, safe reading of JSON; and the one error class",
	},
	{ text: 'Cells, escaping and shortening' },
];

/** Folders from which others import only `index.ts`. */
const INDEX_ONLY = ['history', 'inbox', 'n8n', 'output', 'pictures', 'transport'];

/** Folders that import values from n8n-workflow, not only types. */
const USE_N8N = ['fields', 'n8n'];

module.exports = { LAYERS, INDEX_ONLY, USE_N8N };
