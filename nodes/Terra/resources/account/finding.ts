import { asUserError } from '../../terra/userError';

/** The result of one step of the check. */
export interface Finding {
	result: 'OK' | 'To do' | 'Could not check';
	check: string;
	message: string;
	/** What to do. Never empty: n8n shows an empty string as a red "empty", which looks like a fault. */
	next: string;
}

/** The possible results of a step. */
type Outcome = 'ok' | 'problem' | 'unknown';

const WORDS: Readonly<Record<Outcome, Finding['result']>> = {
	ok: 'OK',
	problem: 'To do',
	unknown: 'Could not check',
};

export type FindingFor = (outcome: Outcome, message: string, next?: string) => Finding;

const NOTHING = 'Nothing to do';

/** Makes the findings of one step. */
export function findingsOf(check: string): FindingFor {
	return (outcome, message, next = NOTHING) => ({ result: WORDS[outcome], check, message, next });
}

/** Runs a step that asks Terra. A refusal is a problem; without an answer the result is open. */
export async function checked(
	check: string,
	step: (finding: FindingFor) => Promise<Finding>,
): Promise<Finding> {
	const finding = findingsOf(check);
	try {
		return await step(finding);
	} catch (error) {
		const { message, next, httpCode } = asUserError(error);
		return finding(httpCode?.startsWith('4') ? 'problem' : 'unknown', message, next);
	}
}

/** Problems come first; within that, the order of the steps. */
export function inOrder(findings: Finding[]): Finding[] {
	const ranks = [WORDS.problem, WORDS.unknown, WORDS.ok];
	return [...findings].sort((a, b) => ranks.indexOf(a.result) - ranks.indexOf(b.result));
}
