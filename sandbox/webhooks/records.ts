import { largeRequestProcessingEvent, largeRequestSendingEvent, VERSION } from '../events';
import type { TerraUser } from '../types';
import type { World } from '../world';

const RECORDS_PER_CHUNK = 10;
const BYTES_PER_CHUNK = 10 * 1024 * 1024;

/** Splits records into chunks of at most ten records or 10 MB. No records give one empty chunk. */
function chunksOf(records: object[]): object[][] {
	const chunks: object[][] = [];
	let chunk: object[] = [];
	let bytes = 0;
	for (const record of records) {
		const size = JSON.stringify(record).length;
		if (
			chunk.length === RECORDS_PER_CHUNK ||
			(chunk.length > 0 && bytes + size > BYTES_PER_CHUNK)
		) {
			chunks.push(chunk);
			chunk = [];
			bytes = 0;
		}
		chunk.push(record);
		bytes += size;
	}
	return [...chunks, chunk];
}

/** Sends one event per chunk, all with the request's reference. Several chunks get numbered trace IDs. */
export function deliverRecords(
	world: World,
	user: TerraUser,
	type: string,
	records: object[],
	reference: string,
): void {
	const chunks = chunksOf(records);
	for (const [index, data] of chunks.entries()) {
		const traceId = chunks.length === 1 ? reference : `${reference}:chunk:${index + 1}`;
		void world.courier.dispatch({ type, user, data, version: VERSION }, { reference, traceId });
	}
}

/** Sends the two events that announce a large request, then its chunks. */
export function deliverLargeRequest(
	world: World,
	user: TerraUser,
	type: string,
	records: object[],
	reference: string,
): void {
	const sending = largeRequestSendingEvent(user, reference, chunksOf(records).length);
	void world.courier.dispatch(largeRequestProcessingEvent(user, reference), { reference });
	void world.courier.dispatch(sending, { reference });
	deliverRecords(world, user, type, records, reference);
}
