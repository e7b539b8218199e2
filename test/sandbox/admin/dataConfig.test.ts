import { call, rider } from '../api';
import type { Setup } from './client';
import { startSetup } from './client';

let setup: Setup;
beforeEach(async () => {
	setup = await startSetup();
});
afterEach(async () => await setup.close());

const PROCESSING = '/unified-api/processing';
const selected = async () =>
	(await setup.admin('GET', PROCESSING)).json.data
		.filter((format: { selected: boolean }) => format.selected)
		.map(({ type }: { type: string }) => type);

it('the output format has one of three values', async () => {
	const { json } = await setup.admin('GET', PROCESSING);
	expect(json).toEqual({
		data: [
			{ type: 'fhir', display_name: 'FHIR', selected: false },
			{ type: 'fit', display_name: 'FIT', selected: false },
			{ type: 'json', display_name: 'TERRA', selected: true },
		],
		has_more: false,
		next_cursor: null,
	});
	setup.sandbox.settings.processing = 'fit';
	expect(await selected()).toEqual(['fit']);
});

it('the output format can be changed, also in a dry run', async () => {
	const dry = { query: { dry_run: true } };
	expect((await setup.admin('PATCH', PROCESSING, { type: 'fit' }, dry)).json.would).toBe('update');
	expect(await selected()).toEqual(['json']);
	expect((await setup.admin('PATCH', PROCESSING, { type: 'fhir' })).status).toBe(200);
	expect(await selected()).toEqual(['fhir']);
	expect((await setup.admin('PATCH', PROCESSING, { type: 'xml' })).json.code).toBe(
		'validation_failed',
	);
});

it('the data types that are on are listed, with their samples', async () => {
	setup.sandbox.settings.disabledDataTypes = ['menstruation', 'nutrition'];
	setup.sandbox.settings.disabledSamples = ['activity'];
	const { json } = await setup.admin('GET', '/unified-api/scopes');
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

it('with samples off, neither a read nor a delivery has them', async () => {
	setup.sandbox.setDestination(setup.receiver.url);
	const today = new Date(setup.time.now).toISOString().slice(0, 10);
	const beats = async () => {
		const { activity } = await setup.sandbox.finishRide({ durationSeconds: 60, withSamples: true });
		const { json } = await call(setup.sandbox, '/activity', {
			user_id: rider(setup.sandbox),
			start_date: today,
			to_webhook: false,
			with_samples: true,
		});
		return [activity, json.data.at(-1)].map(
			(ride) => ride.heart_rate_data.detailed.hr_samples.length,
		);
	};
	expect(await beats()).toEqual([60, 60]);
	setup.sandbox.settings.disabledSamples = ['activity'];
	expect(await beats()).toEqual([0, 0]);
});
