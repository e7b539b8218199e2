import { PROVIDERS } from '../records';
import { invalid } from './problem';

/** The Admin API writes providers in lower case. */
export function slugOf(provider: string | null | undefined): string {
	return (provider ?? '').toLowerCase();
}

/** A slug in any case, as it is written; throws for one that is unknown. */
export function knownSlug(text: string): string {
	const slug = slugOf(text);
	if (PROVIDERS.some(({ provider }) => slugOf(provider) === slug)) return slug;
	throw invalid('provider', 'no such provider');
}
