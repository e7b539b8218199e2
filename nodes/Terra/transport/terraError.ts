import { UserError } from '../terra/userError';

/**
 * Why Terra refused, if that decides what happens to the other requests. `credential`: no data is available at all; `unsupported`: the provider does not have this data type;
 * `unknownUser`: Terra itself says that there is no such user; `silent`: there was no answer.
 */
export type RefusalReason = 'credential' | 'unsupported' | 'unknownUser' | 'silent';

/** What Terra answered instead of the requested data, or that it did not answer. */
export class TerraError extends UserError {
	readonly reason: RefusalReason | undefined;

	constructor(
		title: string,
		next: string,
		{ httpCode, reason }: { httpCode?: string; reason?: RefusalReason } = {},
	) {
		super(title, next, { httpCode });
		this.name = 'TerraError';
		this.reason = reason;
	}
}

/** @param next without a full stop */
export function quoting(
	title: string,
	next: string,
	said: string,
	marks: { httpCode?: string; reason?: RefusalReason } = {},
): TerraError {
	return new TerraError(title, said ? `${next}. Terra says: ${said}` : `${next}.`, marks);
}
