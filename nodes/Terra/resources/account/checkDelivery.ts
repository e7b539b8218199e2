import { AdminError, type Admin } from '../../transport';
import { findingsOf, type Finding } from './finding';

/** Whether Terra sends data in its own format. */
export async function checkFormat(admin: Admin): Promise<Finding> {
	const finding = findingsOf('Data Format');
	const format = await admin.format();
	if (format === 'json') return finding('ok', 'Terra sends its own format (JSON)');
	if (format === undefined)
		return finding('unknown', 'Terra does not say in which format it sends');
	const next =
		"Choose Terra's own format (JSON) in the dashboard: the Terra Trigger reads no other. The setting applies to the whole environment.";
	return finding('problem', `Terra sends ${format.toUpperCase()}`, next);
}

/** Whether rides come with their samples. */
export async function checkSamples(admin: Admin): Promise<Finding> {
	const finding = findingsOf('Samples');
	const sends = await admin.sendsSamples();
	if (sends === true) return finding('ok', 'Activities are sent with their samples');
	if (sends === undefined) return finding('unknown', 'Terra does not say whether it sends samples');
	const next =
		'Switch on Include Samples in the dashboard if you want files and charts straight from the Terra Trigger. The operation Export asks for samples itself.';
	return finding('ok', 'Activities are sent without samples', next);
}

/** If the Admin API refuses, the result is open: the token may lack the scope, or the deployment may be older. */
export async function unlessRefused(
	check: string,
	scope: string,
	step: () => Promise<Finding>,
): Promise<Finding> {
	try {
		return await step();
	} catch (error) {
		if (!(error instanceof AdminError)) return await Promise.reject(error as Error);
		const { status, said, isUnknownPath } = error;
		const finding = findingsOf(check);
		if (status === 403) {
			return finding('unknown', 'Not checked', `It needs a token with the scope ${scope}.`);
		}
		if (isUnknownPath)
			return finding('unknown', "Not checked: this version of Terra's Admin API does not say");
		return finding('unknown', 'Not checked', said ? `Terra says: ${said}` : undefined);
	}
}
