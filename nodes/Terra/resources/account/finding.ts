/** What one step of the check found. */
export interface Finding {
	check: string;
	status: 'ok' | 'problem' | 'unknown';
	message: string;
	/** What to do; empty where there is nothing to do. */
	next: string;
}

type Found = Omit<Finding, 'check'>;

export function finding(status: Finding['status'], message: string, next = ''): Found {
	return { status, message, next };
}

export function unknown(check: string, message: string, next: string): Finding {
	return { check, ...finding('unknown', message, next) };
}

/** Runs a step that asks Terra. What Terra refuses is a problem; that it does not answer leaves it open. */
export async function orSo(check: string, step: () => Promise<Found>): Promise<Finding> {
	try {
		return { check, ...(await step()) };
	} catch (error) {
		const { message, description, httpCode } = error as {
			message: string;
			description?: string | null;
			httpCode?: string | null;
		};
		const status = httpCode?.startsWith('4') ? 'problem' : 'unknown';
		return { check, ...finding(status, message, description ?? '') };
	}
}
