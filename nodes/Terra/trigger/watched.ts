import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import { fingerprint } from '../terra/fingerprint';
import { clock } from '../transport';
import { isStart, ownerOf } from './registrationNotes';
import type { TriggerSettings } from './settings';
import { DAY_MS } from '../terra/durations';

/** How long a trigger has been published with the same filters and the same kind of marks. */
interface Watched extends IDataObject {
	/** The workflow: a copy of it that includes its static data starts afresh. */
	owner: string;
	since: number;
	filters: string;
}

/** What catching up may start. */
export interface Beginning {
	/** Nothing that ended earlier. Unix milliseconds. */
	since: number;
	/**
	 * Whether n8n has lost this time: then only records that ended while the trigger was running, as far as n8n's
	 * deduplication table shows that.
	 */
	needsProof: boolean;
}

/** The furthest that any pass looks back. */
export const LOOK_BACK_MS = 10 * DAY_MS;

/**
 * Reads when the trigger was first published, or notes that it is being published now. Call it while n8n activates the
 * workflow: n8n saves the static data then, and a later write would overwrite what deliveries have written.
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
		// With other values, what began meanwhile is unknown or has another kind of mark, so it would start again.
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
