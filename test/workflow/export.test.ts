import { gpx as readGpx, tcx as readTcx } from '@tmcw/togeojson';
import { DOMParser } from '@xmldom/xmldom';
import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { BinaryDataService } from 'n8n-core';
import type { Activity } from '../../sandbox';
import { startTrigger } from '../support/terra';
import { byId, byReference, failureOf, setStage, type Stage } from './historySupport';
import { keyOf } from '../support/keyOf';
import { readFit } from '../unit/output/fitReaders';

let stage: Stage;
let athlete: string;
beforeEach(async () => {
	stage = await setStage();
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => await stage.sandbox.close());

/** Runs the node with its default fields, except for those given. */
const run = async (parameters: INodeParameters, options = {}) => {
	const { items } = await stage.run(
		{
			resource: 'activity',
			operation: 'export',
			user: { __rl: true, mode: 'list', value: '' },
			...parameters,
		},
		options,
	);
	return items;
};

const finish = async (indoor = false, durationSeconds = 600, startTime?: Date) => {
	const { activity } = await stage.sandbox.finishRide({
		indoor,
		durationSeconds,
		startTime,
		deliver: false,
	});
	return { ...activity.metadata, key: keyFor(activity.metadata.summary_id) };
};

const fileOf = (
	item: INodeExecutionData | undefined,
	field = 'data',
): IBinaryData & { text: string } => {
	const file = item?.binary?.[field];
	if (!file) throw new Error('The item has no file');
	return { ...file, text: Buffer.from(file.data, 'base64').toString('utf8') };
};

const xml = (text: string) =>
	new DOMParser().parseFromString(text, 'text/xml') as unknown as Document;

const keyFor = (identity: string) => keyOf(stage.sandbox.users[0], identity);

const day = (start: string) => start.slice(0, 10);

describe('Export of one activity', () => {
	it.each([null, '2026-13-45T08:00:00Z', '2045-02-01T08:00:00Z'])(
		'works for a ride that the device dated %s',
		async (start_time) => {
			const { summary_id, key } = await finish();
			await stage.sandbox.updateActivity(
				athlete,
				summary_id,
				{ metadata: { start_time } },
				{ deliver: false },
			);
			const [item] = await run({ activityKey: key, fileFormat: 'csv' });
			expect(item!.json.activity_key).toBe(key);
			expect(fileOf(item).text.split('\n').length).toBeGreaterThan(500);
		},
	);

	it('by activity_key returns the row, with the file beside it', async () => {
		const ride = await finish();
		const [item] = await run({ activityKey: ride.key, fileFormat: 'gpx' });
		expect(item).toMatchObject({
			json: {
				activity_key: ride.key,
				name: ride.name,
				local_date: day(ride.start_time),
				file_name: `${day(ride.start_time)} ${ride.name}.gpx`,
			},
			pairedItem: { item: 0 },
		});
		const file = fileOf(item);
		expect(file).toMatchObject({ fileName: item!.json.file_name, mimeType: 'application/gpx+xml' });
		const [track] = readGpx(xml(file.text)).features;
		// One row for each second of the ride, so it was asked for with samples.
		expect((track!.properties as any).coordinateProperties.times.flat().length).toBeGreaterThan(
			550,
		);
	});

	it("searches a year, and requests samples only for the ride's own days", async () => {
		const [old] = stage.sandbox.activitiesOf(athlete);
		await run({ activityKey: keyFor(old!.metadata.summary_id) });
		const withSamples = stage.reads().filter(({ query }) => query.with_samples === 'true');
		expect(withSamples).toHaveLength(1);
		const { start_date, end_date } = withSamples[0]!.query;
		expect(Date.parse(end_date!) - Date.parse(start_date!)).toBeLessThanOrEqual(3 * 86_400_000);
	});

	it('needs a single request if the day is known', async () => {
		const [old] = stage.sandbox.activitiesOf(athlete);
		const { summary_id, start_time } = old!.metadata;
		const options = { day: '={{ $json.local_date }}' };
		const input = [{ json: { local_date: day(start_time) } }];
		const [item] = await run({ activityKey: keyFor(summary_id), options }, { input });
		expect(item!.json.local_date).toBe(day(start_time));
		expect(stage.reads()).toHaveLength(1);
	});

	it.each([
		['by ID', () => byId(athlete)],
		['by reference ID, in whichever of the connections it is', () => byReference('rider-1')],
	])('by summary ID, with the user %s', async (_how, user) => {
		stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'rider-1', historyDays: 0 });
		const ride = await finish();
		const [item] = await run({ activityKey: ride.summary_id, user: user(), fileFormat: 'csv' });
		expect(item!.json.activity_key).toBe(ride.key);
		expect(fileOf(item).text).toContain('watts');
	});

	it('by the key of a row also works if its ID is a number or missing', async () => {
		const { summary_id } = await finish();
		const ride = stage.sandbox
			.activitiesOf(athlete)
			.find(({ metadata }) => metadata.summary_id === summary_id)!;
		const start = '2026-11-20T10:00:00.000000+00:00';
		const variants = [
			{ summary_id: 4711, start_time: '2026-11-21T10:00:00.000000+00:00' },
			{ summary_id: null, start_time: start },
		].map((change) => ({ ...ride, metadata: { ...ride.metadata, ...change } }));
		stage.sandbox.addActivities(athlete, variants as unknown as Activity[]);
		for (const identity of ['4711', start]) {
			const activityKey = keyFor(identity);
			const [item] = await run({ activityKey, fileFormat: 'chart' });
			expect(item!.json.activity_key).toBe(activityKey);
		}
	});

	it('by reference ID works although another connection of the person is refused', async () => {
		const ride = await finish();
		const other = stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'rider-1' });
		// Listed first by Terra, so asked first.
		stage.sandbox.users.unshift(
			stage.sandbox.users.splice(stage.sandbox.users.indexOf(other), 1)[0]!,
		);
		stage.sandbox.faults.add({ kind: 'status', status: 424, userId: other.user_id });
		const wanted = { user: byReference('rider-1'), fileFormat: 'csv' };
		const [item] = await run({ ...wanted, activityKey: ride.summary_id });
		expect(item!.json.activity_key).toBe(ride.key);
		const nowhere = await failureOf(run({ ...wanted, activityKey: 'nowhere' }));
		expect(nowhere.message).toBe('The provider refused to share the data');
	});

	it('works in every format', async () => {
		const { key } = await finish();
		const file = async (fileFormat: string) =>
			fileOf((await run({ activityKey: key, fileFormat }))[0]);

		const fit = await file('fit');
		expect(fit).toMatchObject({ fileExtension: 'fit', mimeType: 'application/vnd.ant.fit' });
		expect(readFit(Buffer.from(fit.data, 'base64')).recordMesgs!.length).toBeGreaterThan(550);

		const tcx = await file('tcx');
		expect(tcx).toMatchObject({ fileExtension: 'tcx', mimeType: 'application/vnd.garmin.tcx+xml' });
		expect(readTcx(xml(tcx.text)).features).not.toHaveLength(0);

		const csv = await file('csv');
		expect(csv).toMatchObject({ fileExtension: 'csv', mimeType: 'text/csv' });
		expect(csv.text.split('\r\n')[0]).toContain('watts');
		expect(csv.text.split('\r\n').length).toBeGreaterThan(550);

		for (const picture of ['card', 'chart', 'map']) {
			const { text, ...png } = await file(picture);
			expect(png).toMatchObject({
				fileExtension: 'png',
				mimeType: 'image/png',
				fileType: 'image',
			});
			expect(text).toContain('PNG');
		}
	});

	it('draws a picture as SVG and with the dark theme if asked', async () => {
		const { key } = await finish();
		const picture = async (theme: string) => {
			const options = { pictureFormat: 'svg' };
			return fileOf((await run({ activityKey: key, fileFormat: 'card', theme, options }))[0]);
		};
		const light = await picture('light');
		expect(light).toMatchObject({ fileExtension: 'svg', mimeType: 'image/svg+xml' });
		expect(xml(light.text).documentElement.tagName).toBe('svg');
		expect(light.text).toContain('fill="#ffffff"');
		expect((await picture('dark')).text).not.toContain('height="1080" fill="#ffffff"');
	});

	it('draws the chart in the chosen units', async () => {
		const { key } = await finish();
		const chart = async (pictureUnits: string) =>
			fileOf(
				(
					await run({
						activityKey: key,
						fileFormat: 'chart',
						pictureUnits,
						options: { pictureFormat: 'svg' },
					})
				)[0],
			).text;
		expect(await chart('metric')).toContain('>km<');
		expect(await chart('imperial')).toContain('>mi<');
	});

	it('puts the file into the chosen field', async () => {
		const { key } = await finish();
		const [item] = await run({ activityKey: key, binaryPropertyName: 'ride' });
		expect(Object.keys(item!.binary!)).toEqual(['ride']);
	});

	it.each([
		['a path with markup', '../../etc/<b>passwd</b>', /^[\d-]{10} etc b passwd b\.tcx$/],
		['an emoji and marks', '🚴‍♀️ "Tour" | 50% / 2', /^[\d-]{10} 🚴‍♀️ Tour 50% 2\.tcx$/u],
		['far too many letters', 'x'.repeat(500), /^[\d-]{10} x{50,}….tcx$/],
	])('gives a safe file name, whatever the ride is called: %s', async (_what, name, expected) => {
		const { summary_id, key } = await finish();
		await stage.sandbox.updateActivity(
			athlete,
			summary_id,
			{ metadata: { name } },
			{ deliver: false },
		);
		const [item] = await run({ activityKey: key, fileFormat: 'tcx' });
		expect(fileOf(item).fileName).toMatch(expected);
		// Inside the file the name is unchanged, except for XML escapes.
		const notes = xml(fileOf(item).text).getElementsByTagName('Notes')[0];
		expect(notes!.textContent).toBe(name);
	});

	describe('says what to do', () => {
		it('if GPX is impossible', async () => {
			const ride = await finish(true);
			const failure = await failureOf(run({ activityKey: ride.key, fileFormat: 'gpx' }));
			expect(failure.message).toMatch(/no positions.*Choose FIT/);
			expect(failure.description).toContain(day(ride.start_time));
		});

		it('if there is no such activity', async () => {
			expect(await failureOf(run({ activityKey: keyFor('none') }))).toEqual({
				message: 'Terra has no such activity',
				description: expect.stringContaining('last 365 days'),
			});
		});

		it('if Terra does not know the user', async () => {
			const nobody = '00000000-0000-4000-8000-000000000000:XERT:1';
			expect(await failureOf(run({ activityKey: nobody }))).toMatchObject({
				message: 'Terra knows nobody with this reference ID',
			});
		});

		it('if a summary ID is given without its user, or nothing is given', async () => {
			expect(await failureOf(run({ activityKey: 'xert-1' }))).toMatchObject({
				message: "'Athlete' is empty",
			});
			expect(await failureOf(run({ activityKey: '={{ $json.none }}' }))).toMatchObject({
				message: "'Activity' is empty",
			});
		});
	});
});

describe('Export of a period', () => {
	const period = (more: INodeParameters = {}): INodeParameters => ({
		activities: 'period',
		user: byId(athlete),
		period: 'last7Days',
		returnAll: true,
		...more,
	});

	const ridden = (from: string) =>
		stage.sandbox
			.activitiesOf(athlete)
			.map(({ metadata }) => metadata)
			.filter(({ start_time }) => day(start_time) >= from);

	it('makes one file for each ride, newest first', async () => {
		const items = await run(period({ period: 'custom', from: '2026-11-09', to: '2026-11-22' }));
		const expected = ridden('2026-11-09').map(({ summary_id }) => keyFor(summary_id));
		expect(expected.length).toBeGreaterThan(5);
		expect(items.map(({ json }) => json.activity_key)).toEqual(expected.reverse());
		for (const item of items) expect(fileOf(item).text.slice(8, 12)).toBe('.FIT');
	});

	it('makes one file of a ride without ID and time, although it is in several answers', async () => {
		const name = 'nameless';
		const data = [{ metadata: { name, summary_id: null, start_time: null, end_time: null } }];
		const body = { user: null, data };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
		const items = await run(period({ fileFormat: 'chart', options: { ifImpossible: 'row' } }));
		expect(items.map(({ json }) => json.name)).toEqual([name]);
		expect(stage.reads().length).toBeGreaterThan(1);
	});

	it('stops at the limit', async () => {
		expect(await run(period({ period: 'last90Days', returnAll: false, limit: 2 }))).toHaveLength(2);
		expect(stage.reads()).toHaveLength(1);
	});

	it('writes no file beyond the limit, and reports no problem of a ride beyond it', async () => {
		await finish(true, 600, new Date('2026-11-22T08:00:00Z'));
		await finish(false, 600, new Date('2026-11-22T10:00:00Z'));
		const store = jest.spyOn(BinaryDataService.prototype, 'store');
		const items = await run(period({ fileFormat: 'gpx', returnAll: false, limit: 1 }));
		expect(items).toHaveLength(1);
		expect(fileOf(items[0]).text).toContain('<gpx');
		expect(store).toHaveBeenCalledTimes(1);
		store.mockRestore();

		const failure = await failureOf(run(period({ fileFormat: 'gpx', returnAll: false, limit: 2 })));
		expect(failure.message).toContain('GPX');
	});

	it('continues without the files that are impossible, and says why', async () => {
		await finish(true);
		await finish(false, 600, new Date('2026-11-22T09:00:00Z'));
		const items = await run(period({ fileFormat: 'gpx', options: { ifImpossible: 'row' } }));
		const [indoor, outdoor] = items;
		expect(indoor).toMatchObject({
			json: { file_problem: expect.stringContaining('no positions') },
		});
		expect(indoor).not.toHaveProperty('binary');
		expect(fileOf(outdoor).text).toContain('<gpx');
	});

	it('makes an error item of each impossible file if the node continues on errors', async () => {
		const { key } = await finish(true);
		const items = await run(period({ fileFormat: 'gpx' }), {
			settings: { onError: 'continueRegularOutput' },
		});
		const failed = items.filter(({ json }) => json.error);
		expect(failed[0]!.json).toMatchObject({
			activity_key: key,
			error: expect.stringContaining('GPX'),
		});
		expect(items.filter(({ binary }) => binary).length).toBeGreaterThan(0);
	});

	it('exports the rides of all athletes of a provider', async () => {
		const items = await run(period({ athletes: 'everyone', period: 'last7Days' }));
		expect(new Set(items.map(({ json }) => json.reference_id)).size).toBe(3);
	});

	it('reports days that Terra does not return', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 413, from: '2026-11-18', to: '2026-11-19' });
		const { items, hints } = await stage.run({
			resource: 'activity',
			operation: 'export',
			...period(),
		});
		expect(hints).toEqual([expect.stringContaining('Days missing')]);
		expect(items.filter(({ binary }) => binary).length).toBeGreaterThan(0);
	});

	it('returns nothing, without an error, for an athlete without rides', async () => {
		const { user_id } = stage.sandbox.addUser({ historyDays: 0, ridesPerWeek: 0 });
		expect(await run(period({ user: byId(user_id) }))).toEqual([]);
	});
});

describe('Attach File of the trigger', () => {
	const delivered = async (attachFile: string, ride: object, more: INodeParameters = {}) => {
		const trigger = await startTrigger({
			...more,
			options: { attachFile, ...(more.options as object) },
		});
		try {
			trigger.sandbox.setDestination(trigger.url);
			await trigger.sandbox.finishRide({ durationSeconds: 600, ...ride });
			await trigger.sandbox.settled();
			expect(trigger.thrown).toEqual([]);
			expect(trigger.sandbox.ledger[0]).toMatchObject({ outcome: 'accepted' });
			return { item: trigger.executions.flat()[0]!, asked: trigger.sandbox.requests.length };
		} finally {
			await trigger.close();
		}
	};

	it('adds the file to the row, without a request to Terra', async () => {
		const { item, asked } = await delivered('gpx', { withSamples: true });
		expect(item.json).toMatchObject({ status: 'new', file_name: expect.stringMatching(/\.gpx$/) });
		expect(fileOf(item).text).toContain('<trkpt');
		expect(asked).toBe(0);
	});

	it.each(['fit', 'gpx', 'tcx', 'csv'])(
		'lets a ride without samples through, with the reason (%s)',
		async (format) => {
			const { item } = await delivered(format, {});
			expect(item.json).toMatchObject({
				activity_key: expect.any(String),
				file_problem: expect.stringContaining('no samples'),
			});
			expect(item).not.toHaveProperty('binary');
		},
	);

	it.each(['card', 'chart'])('needs no samples for a %s', async (kind) => {
		const { item } = await delivered(kind, {});
		expect(item.json.file_name).toMatch(/\.png$/);
		expect(fileOf(item)).toMatchObject({
			mimeType: 'image/png',
			text: expect.stringContaining('PNG'),
		});
	});

	it('draws a map from samples, with the dark theme if asked', async () => {
		const options = { pictureTheme: 'dark' };
		const { item } = await delivered('map', { withSamples: true }, { options });
		expect(fileOf(item).mimeType).toBe('image/png');
	});

	it('attaches nothing unless asked to', async () => {
		const { item } = await delivered('none', { withSamples: true });
		expect(item).not.toHaveProperty('binary');
		expect(item.json).not.toHaveProperty('file_problem');
	});

	it('works with the raw form as well', async () => {
		const { item } = await delivered('tcx', { withSamples: true }, { simplify: false });
		expect(item.json.data).toMatchObject({ metadata: expect.any(Object) });
		expect(fileOf(item).text).toContain('<Trackpoint>');
	});

	it('lets the ride through if n8n cannot store the file', async () => {
		const full = jest
			.spyOn(BinaryDataService.prototype, 'store')
			.mockRejectedValue(new Error('ENOSPC: /secret/path'));
		const { item } = await delivered('chart', {}).finally(() => full.mockRestore());
		expect(item.json).toMatchObject({
			status: 'new',
			file_problem: expect.stringContaining('store'),
		});
		expect(JSON.stringify(item)).not.toContain('secret');
	});
});
