import type { LastDeliveries, LastPass } from '../../inbox';
import type { Services } from '../../n8n';
import { inMinutes } from '../../terra/times';
import { findingsOf, type Finding } from './finding';

const WHERE = "In Terra's dashboard: Connections → Destinations → your webhook → ⋯ → Edit.";

/** What happened to the last deliveries that this n8n process received: a line for each trigger. */
export function checkArrivals({ deliveries }: Services): Finding[] {
	const { since, triggers } = deliveries();
	if (triggers.length > 0) return triggers.map(arrivalsOf);
	return [
		findingsOf('Deliveries')(
			'unknown',
			`This n8n has received none since ${inMinutes(since)}`,
			'That is when it started. If rides should have arrived, see Webhook in this list. In queue mode, execute this in the editor.',
		),
	];
}

function arrivalsOf({ workflow, accepted, filtered, refused }: LastDeliveries): Finding {
	const finding = findingsOf(`Deliveries to “${workflow}”`);
	const lines = [
		accepted && `The last one that started it came at ${inMinutes(accepted.at)}.`,
		filtered && `The last one left out came at ${inMinutes(filtered.at)}: ${filtered.reason}.`,
		refused && `The last one refused came at ${inMinutes(refused.at)}: ${refused.reason}`,
	];
	const message = lines.filter(Boolean).join(' ');
	if (refused && refused.at > (accepted?.at ?? 0)) {
		return finding('problem', message, 'If it came from Terra: see Signing Secret in this list.');
	}
	return accepted || filtered?.kind !== 'leftOut'
		? finding('ok', message)
		: finding('ok', message, 'Change the fields of the Terra Trigger if you want such deliveries.');
}

/** Only a delivery shows whether a signing secret is the right one. */
export async function checkSecret({ deliveries, hasSigningSecret }: Services): Promise<Finding> {
	const finding = findingsOf('Signing Secret');
	const { triggers } = deliveries();
	const proof = triggers.find(({ isProven }) => isProven)?.accepted;
	const mismatch = triggers.flatMap(({ refused }) => refused ?? []).find(isMismatch);
	if (mismatch && mismatch.at > (proof?.at ?? 0)) {
		return finding(
			'problem',
			`It did not match the delivery of ${inMinutes(mismatch.at)}`,
			`Copy it again, from the webhook with the trigger's address and in the same environment. ${WHERE}`,
		);
	}
	if (proof) return finding('ok', `It matched the delivery of ${inMinutes(proof.at)}`);
	return (await hasSigningSecret())
		? finding(
				'unknown',
				'There is one',
				'The first delivery shows whether it is the right one: check again then.',
			)
		: finding(
				'problem',
				'There is none',
				`Before you publish a Terra Trigger, copy it into the Terra API credential, unless the trigger registers automatically. ${WHERE}`,
			);
}

const isMismatch = ({ reason }: { reason: string }) => /signature does not match/i.test(reason);

/** The result of the last time each trigger asked Terra itself: a line for each. */
export function checkPasses({ deliveries }: Services): Finding[] {
	return deliveries().passes.map(passOf);
}

function passOf({ node, workflow, at, started, notes, problem, shortfall }: LastPass): Finding {
	const finding = findingsOf(`Requests by ${node} in “${workflow}”`);
	const came = problem ? `could not finish: ${problem.message}` : `started ${started}`;
	const message = [`Last asked Terra at ${inMinutes(at)} and ${came}.`, ...notes, shortfall]
		.filter(Boolean)
		.join(' ');
	if (problem) return finding('problem', message, `${problem.next} It tries again.`.trim());
	if (notes.length === 0 && !shortfall) return finding('ok', message);
	return finding('unknown', message, 'Get Many says more, and returns what is missing.');
}
