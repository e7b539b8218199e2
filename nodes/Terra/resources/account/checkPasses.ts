import type { LastPass } from '../../inbox';
import type { Services } from '../../n8n';
import { inMinutes } from './checkArrivals';
import { findingsOf, type Finding } from './finding';

/** What came of the last time that each trigger asked Terra by itself: a line for each. */
export function checkPasses({ deliveries }: Services): Finding[] {
	return deliveries().passes.map(passOf);
}

function passOf({ node, workflow, at, started, notes, problem, ...short }: LastPass): Finding {
	const finding = findingsOf(`${node} Asks Terra, in “${workflow}”`);
	const last = `It last did at ${inMinutes(at)}`;
	if (problem) {
		const message = [`${last}, and could not finish: ${problem.message}.`, ...notes].join(' ');
		return finding('problem', message, `${problem.next} It tries again by itself.`.trim());
	}
	const message = [`${last}, and started ${started}.`, ...notes].join(' ');
	if (notes.length > 0) return finding('unknown', message, 'Get Many tells more, and brings them.');
	const { reachedBackTo, fellShortAt } = short;
	if (fellShortAt === undefined) return finding('ok', message);
	const reach = `What ended before ${inMinutes(reachedBackTo!)} was left out at ${inMinutes(fellShortAt)}: n8n no longer knew whether it had run.`;
	return finding('ok', `${message} ${reach}`, 'If n8n was off before then, see Get Many.');
}
