/**
 * The rooms of nodes/Terra, floor by floor from the top. A room imports only from the floors below its own, and of a
 * room with a face only its index.ts. ESLint holds this; the tables in CONTRIBUTING.md and ARCHITECTURE.md follow it.
 */
const FLOORS = [
	{
		resources:
			'A folder for each resource, a file for each operation: its option, fields, `read` and `run`',
		trigger: 'The steps of a delivery, catching up, and the registration of the webhook',
	},
	{
		n8n: "The only room that knows n8n's contexts: parameters, errors, the connection to Terra, running the items",
	},
	{
		fields: 'Fields that several operations share, with their readers',
		history: 'Any stretch of history as a stream; the day budget; several users at a time',
		inbox: "Which deliveries are admitted, what was seen, and n8n's way of answering",
	},
	{ output: 'How records become items and files: the same for the trigger and the operations' },
	{
		files: 'FIT, TCX, GPX and CSV',
		pictures: 'Card, chart and map: composed as a scene, written as SVG or PNG',
		rows: 'Tables of columns, and messages',
		transport:
			'The only place that calls Terra: requests, what answers mean, retries, the Admin API',
	},
	{ ride: 'A ride, its track, laps, figures and units: arithmetic and nothing else' },
	{
		terra: 'What Terra is: events, keys, days, times, safe reading of JSON, and the one error',
	},
	{ text: 'Cells, escaping and shortening' },
];

/** Rooms with something to hide. */
const FACED = ['history', 'inbox', 'n8n', 'output', 'pictures', 'transport'];

/** Rooms that use n8n-workflow's values, not only its types. */
const USE_N8N = ['fields', 'n8n'];

module.exports = { FLOORS, FACED, USE_N8N };
