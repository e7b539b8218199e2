import { UserError } from '../../terra/userError';

/** What one step of the check found. */
export interface Finding {
	check: string;
	status: 'ok' | 'problem' | 'unknown';
	message: string;
	/** What to do. Never empty: n8n shows an empty text as a red "empty", which looks like a fault. */
	next: string;
}

export type FindingFor = (status: Finding['status'], message: string, next?: string) => Finding;

const NOTHING = 'Nothing to do';

/** Makes the findings of one step. */
export function findingsOf(check: string): FindingFor {
	return (status, message, next = NOTHING) => ({ check, status, message, next });
}

/** Runs a step that asks Terra. What Terra refuses is a problem; that it does not answer leaves it open. */
export async function checked(
	check: string,
	step: (finding: FindingFor) => Promise<Finding>,
): Promise<Finding> {
	const finding = findingsOf(check);
	try {
		return await step(finding);
	} catch (error) {
		const { message, next, httpCode } =
			error instanceof UserError ? error : new UserError((error as Error).message);
		return finding(httpCode?.startsWith('4') ? 'problem' : 'unknown', message, next);
	}
}
