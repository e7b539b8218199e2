import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ridePicture } from '../../../nodes/Terra/pictures';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import { enclosed, withStoredFiles } from '../../../nodes/Terra/trigger/files';
import { decodePng } from '../../support/png';

const ride = (number: number): INodeExecutionData => ({
	json: { activity_key: `ride-${number}`, file_name: `${number}.gpx` },
	binary: enclosed({
		name: `${number}.gpx`,
		mimeType: 'application/gpx+xml',
		content: `é${number}`,
	}),
});

async function stored(
	items: INodeExecutionData[],
	prepareBinaryData: (content: Buffer, fileName: string, mimeType: string) => Promise<object>,
) {
	const context = {
		helpers: { prepareBinaryData },
		logger: { warn: () => {} },
	} as unknown as IExecuteFunctions;
	return await withStoredFiles(context, items);
}

const keep = async (content: Buffer, fileName: string, mimeType: string) => ({
	id: `database:${content.toString()}`,
	fileName,
	mimeType,
});

it('gives every file to n8n unchanged', async () => {
	const [first, second] = await stored([ride(1), ride(2)], keep);
	expect(first).toEqual({
		json: { activity_key: 'ride-1', file_name: '1.gpx' },
		binary: {
			data: { id: 'database:é1', fileName: '1.gpx', mimeType: 'application/gpx+xml' },
		},
	});
	expect(second!.binary!.data!.id).toBe('database:é2');
});

const pictured = (): INodeExecutionData => ({
	json: { activity_key: 'ride-3', file_name: '3.png' },
	binary: enclosed({
		name: '3.png',
		mimeType: 'image/png',
		content: ridePicture('card', rideOf(null)),
	}),
});

it('draws a picture only when n8n stores it', async () => {
	const item = pictured();
	// While Terra waits for an answer there is no picture yet.
	expect(item.binary!.data!.mimeType).not.toBe('image/png');
	expect(item.binary!.data!.data.length).toBeLessThan(5000);
	let png: Uint8Array = Buffer.alloc(0);
	const [drawn] = await stored([item], async (content, fileName, mimeType) => {
		png = content;
		return { id: 'database:1', fileName, mimeType };
	});
	expect(drawn!.binary!.data).toEqual({
		id: 'database:1',
		fileName: '3.png',
		mimeType: 'image/png',
	});
	expect(decodePng(png)).toMatchObject({ width: 1080, height: 1080 });
});

it('lets a ride through if its picture cannot be drawn', async () => {
	const item = pictured();
	item.binary!.data!.data = 'e30=';
	const [ride] = await stored([item], keep);
	expect(ride).toEqual({
		json: { activity_key: 'ride-3', file_problem: expect.stringContaining("n8n's log") },
	});
});

it('leaves items without a file, and files that n8n already has, unchanged', async () => {
	const plain = { json: { activity_key: 'ride-1' } };
	const [kept] = await stored([ride(2)], keep);
	const fail = async () => await Promise.reject(new Error('must not be called'));
	expect(await stored([plain, kept!], fail)).toEqual([plain, kept]);
});

it('lets a ride through if n8n cannot store its file', async () => {
	const [first, second] = await stored([ride(1), ride(2)], async (content, ...rest) => {
		if (content.toString() === 'é1') throw new Error('the disk is full');
		return await keep(content, ...rest);
	});
	expect(first).toEqual({
		json: {
			activity_key: 'ride-1',
			file_problem: "n8n could not store the file: see n8n's log",
		},
	});
	expect(second!.binary!.data!.id).toBe('database:é2');
});
