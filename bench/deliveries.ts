import { createHmac, randomUUID } from 'node:crypto';

import type { Sandbox } from '../sandbox';

/** A delivery in Terra's format, signed in advance so that signing is not part of the measurement. */
export interface Delivery {
	/** The ride's ID. */
	id: string;
	headers: Record<string, string>;
	body: Buffer;
}

export type Size = 'small' | '100 kB' | '5 MB' | '10 MB' | '3 h';

/** Seconds of riding, with a sample each; a small delivery has no samples. */
const rideSeconds: Record<Size, number> = {
	small: 3600,
	'100 kB': 138,
	'5 MB': 6920,
	'10 MB': 13_840,
	'3 h': 10_800,
};

/** Makes deliveries of the same size, each with a different ride. */
export type Maker = (count: number, secret: string) => Delivery[];

export async function makerOf(sandbox: Sandbox, size: Size): Promise<Maker> {
	return await makerOfRides(sandbox, rideSeconds[size], size !== 'small');
}

/** One second of samples takes about 720 bytes. */
export async function makerOfRides(
	sandbox: Sandbox,
	durationSeconds: number,
	withSamples: boolean,
): Promise<Maker> {
	const { activity } = await sandbox.finishRide({ deliver: false, withSamples, durationSeconds });
	const user = sandbox.users[0];
	const event = { type: 'activity', user, data: [activity], version: '2022-03-16' };
	const [before, after] = JSON.stringify(event).split(activity.metadata.summary_id) as [
		string,
		string,
	];
	return (count, secret) =>
		Array.from({ length: count }, () => {
			const id = randomUUID();
			return { id, ...signed(Buffer.from(before + id + after), secret) };
		});
}

function signed(body: Buffer, secret: string): Omit<Delivery, 'id'> {
	const timestamp = Math.floor(Date.now() / 1000);
	const digest = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'x-terra-signature': `t=${timestamp},v1=${digest}`,
			'x-terra-trace-id': randomUUID(),
			'x-terra-ordering-timestamp': String(Date.now()),
		},
	};
}
