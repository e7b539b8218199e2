import type { Question } from '../question';
import { isSuccess, outcomeOf } from '../question';
import { shapeOf } from '../shape';
import type { Reply } from '../terra';

/** Below the data API, or with `//` below the host. */
const ADDRESSES = [
	'/auth/generateWidgetSession',
	'//api/widget/session',
	'//widget/session',
	'//widget/api/session',
];

export const widgetQuestions: Question[] = [
	{
		point: 'Widget sessions',
		does: 'creates links to connect Xert that are sent to nobody and expire on their own',
		async ask(terra) {
			const replies: Array<[string, Reply]> = [];
			for (const address of ADDRESSES) {
				const body = { providers: 'XERT', reference_id: 'n8n-nodes-terra-confirm' };
				replies.push([address, await terra.api(address, { method: 'POST', body })]);
			}
			const working = replies.filter(([, reply]) => isSuccess(reply));
			return {
				seen: replies
					.map(([address, reply]) => `${address.replace('//', '/')}: ${outcomeOf(reply)}`)
					.join('; '),
				means: meaningOf(working.map(([address]) => address)),
				shape: working
					.map(([address, reply]) => `${address.replace('//', '/')} ${shapeOf(reply.body)}`)
					.join('\n'),
			};
		},
	},
];

function meaningOf(working: string[]): string {
	if (working.length === 0)
		return '"A Provider of Their Choice" cannot work here; "One Provider" can.';
	return working.includes(ADDRESSES[0]!)
		? 'The older address still answers; the nodes ask it first.'
		: 'The nodes use the newer address after the older one has refused.';
}
