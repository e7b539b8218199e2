import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import { fingerprint } from '../terra/fingerprint';
import { clock } from '../transport';
import { isStart, ownerOf } from './registrationNotes';
import type { TriggerSettings } from './settings';
import { DAY_MS } from '../terra/durations';

/** Since when a trigger has been published with the same filters and the same kind of marks. */
interface Watched extends IDataObject {
	/** The workflow: a copy of it, made with its static data, starts afresh. */
	owner: string;
	since: number;
	filters: string;
}

/** What catching up may start. */
export interface Beginning {
	/** Unix milliseconds: nothing that ended earlier. */
	since: number;
	/**
	 * Whether n8n has lost this time: then only records that ended while the trigger is known to have been running, which
	 * n8n's deduplication table shows.
	 */
	needsProof: boolean;
}

/** The farthest that any pass looks back. */
export const LOOK_BACK_MS = 10 * DAY_MS;

/**
 * Reads when the trigger was first published, or notes that it is now. To be called while n8n activates the workflow:
 * it saves the static data then, and what is written later would replace what deliveries have written.
 */
export function beginningOf(
	context: ITriggerFunctions,
	{ filters, dropsRepeated }: Pick<TriggerSettings, 'filters' | 'dropsRepeated'>,
	withUpdates = false,
): Beginning {
	const now = clock.now();
	const staticData = context.getWorkflowStaticData('node');
	const known = staticData.watched as Watched | undefined;
	const owner = ownerOf(context);
	const wanted = fingerprint({
		...filters,
		// What began meanwhile is unknown, or has another kind of mark: it would start again.
		...(!dropsRepeated && { dropsRepeated }),
		...(withUpdates && { withUpdates }),
	});
	if (known?.owner === owner && known.filters === wanted) {
		return { since: Math.min(known.since, now), needsProof: false };
	}
	const watched: Watched = { owner, since: now, filters: wanted };
	staticData.watched = watched;
	const isLost = known === undefined && isStart(context);
	return isLost
		? { since: now - LOOK_BACK_MS, needsProof: true }
		: { since: now, needsProof: false };
}
