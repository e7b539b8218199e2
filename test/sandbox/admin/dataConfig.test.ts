import { call, rider } from '../api';
import type { Desk } from './client';
import { openDesk } from './client';

let desk: Desk;
beforeEach(async () => {
	desk = await openDesk();
});
afterEach(async () => await desk.close());

const PROCESSING = '/unified-api/processing';
const selected = async () =>
	(await desk.admin('GET', PROCESSING)).json.data
		.filter((format: { selected: boolean }) => format.selected)
		.map(({ type }: { type: string }) => type);

it('the output format is one of three, and a setting', async () => {
	const { json } = await desk.admin('GET', PROCESSING);
	expect(json).toEqual({
		data: [
			{ type: 'fhir', display_name: 'FHIR', selected: false },
			{ type: 'fit', display_name: 'FIT', selected: false },
			{ type: 'json', display_name: 'TERRA', selected: true },
		],
		has_more: false,
		next_cursor: null,
	});
	desk.sandbox.settings.processing = 'fit';
	expect(await selected()).toEqual(['fit']);
});

it('the output format can be changed, or only rehearsed', async () => {
	const dry = { query: { dry_run: true } };
	expect((await desk.admin('PATCH', PROCESSING, { type: 'fit' }, dry)).json.would).toBe('update');
	expect(await selected()).toEqual(['json']);
	expect((await desk.admin('PATCH', PROCESSING, { type: 'fhir' })).status).toBe(200);
	expect(await selected()).toEqual(['fhir']);
	expect((await desk.admin('PATCH', PROCESSING, { type: 'xml' })).json.code).toBe(
		'validation_failed',
	);
});

it('says which data types are on, and which of them with samples', async () => {
	desk.sandbox.settings.disabledDataTypes = ['menstruation', 'nutrition'];
	desk.sandbox.settings.disabledSamples = ['activity'];
	const { json } = await desk.admin('GET', '/unified-api/scopes');
	expect(
		json.data.map((row: { data_type: string; samples_enabled: boolean }) => [
			row.data_type,
			row.samples_enabled,
		]),
	).toEqual([
		['activity', false],
		['body', true],
		['daily', true],
		['sleep', true],
	]);
	expect(json.data[0].fields).toEqual(expect.any(Array));
});

it('where samples are off, neither a read nor a delivery has them', async () => {
	desk.sandbox.setDestination(desk.receiver.url);
	const today = new Date(desk.time.now).toISOString().slice(0, 10);
	const beats = async () => {
		const { activity } = await desk.sandbox.finishRide({ durationSeconds: 60, withSamples: true });
		const { json } = await call(desk.sandbox, '/activity', {
			user_id: rider(desk.sandbox),
			start_date: today,
			to_webhook: false,
			with_samples: true,
		});
		return [activity, json.data.at(-1)].map(
			(ride) => ride.heart_rate_data.detailed.hr_samples.length,
		);
	};
	expect(await beats()).toEqual([60, 60]);
	desk.sandbox.settings.disabledSamples = ['activity'];
	expect(await beats()).toEqual([0, 0]);
});
