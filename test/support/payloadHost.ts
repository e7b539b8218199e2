import { startCloudHosts, type CloudAnswer, type CloudRequest } from './cloudHosts';

const BUCKET = 'terra-payload-bucket.s3.eu-west-2.amazonaws.com';

/** A stand-in for the storage of Terra's ping payloads. */
export async function startPayloadHost() {
	const requests: CloudRequest[] = [];
	let answer: CloudAnswer = {};
	const hosts = await startCloudHosts({
		[BUCKET]: (request) => {
			requests.push(request);
			return answer;
		},
	});
	return {
		...hosts,
		url: `https://${BUCKET}/payloads/ride.json?X-Amz-Signature=example`,
		requests,
		answerWith: (next: CloudAnswer) => {
			answer = next;
		},
	};
}

export type PayloadHost = Awaited<ReturnType<typeof startPayloadHost>>;
