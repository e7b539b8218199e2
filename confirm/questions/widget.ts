import type { Question } from '../question';
import { isSuccess, outcomeOf } from '../question';
import { shapeOf } from '../shape';
import type { Reply } from '../terra';

/** Paths under the data API's base, or under the host if they start with `//`. */
const ADDRESSES = [
	'/auth/generateWidgetSession',
	'//api/widget/session',
	'//widget/session',
	'//widget/api/session',
];

export const widgetQuestions: Question[] = [
	{
		point: 'Widget sessions',
		does: 'creates links to connect Xert, which are sent to nobody and expire',
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
		return '"A Provider of Their Choice" does not work with this account; "One Provider" does not need this.';
	return working.includes(ADDRESSES[0]!)
		? 'The older address still works; the nodes try it first.'
		: 'The nodes try the older address, then use the newer one.';
}
