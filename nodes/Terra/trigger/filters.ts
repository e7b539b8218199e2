import { userOf, type TerraEvent } from '../terra/events';

export interface Filters {
	/** Event types as in "Trigger On"; `*` is any. */
	events: string[];
	/** Upper-case provider names; empty is any. */
	providers: string[];
}

/**
 * @returns undefined when the event is wanted, else what kept it out, for Terra's delivery log and n8n's own
 */
export function filteredBy(event: TerraEvent, filters: Filters): string | undefined {
	if (!filters.events.includes('*') && !filters.events.includes(event.type)) return event.type;

	const { provider } = userOf(event);
	// A failed connection, for one, carries no provider: it was asked for by its type, so it passes.
	if (provider === undefined || filters.providers.length === 0) return undefined;
	return filters.providers.includes(provider.toUpperCase()) ? undefined : `provider ${provider}`;
}

/** Splits the provider field: one name, or several separated by commas; nothing or `*` is any provider. */
export function splitProviders(text: unknown): string[] {
	const names = typeof text === 'string' ? text.split(',').map((name) => name.trim()) : [];
	return names.includes('*') ? [] : names.filter(Boolean).map((name) => name.toUpperCase());
}
