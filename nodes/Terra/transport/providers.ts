import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asObject } from '../terra/json';
import { terraRequest } from './request';

const ANY_PROVIDER = { name: 'Any Provider', value: '*' };

/** The providers that Terra knows, Xert first, for a resource locator. */
export async function searchProviders(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { providers } = asObject(await terraRequest.call(this, { path: '/integrations' }));
	const names = (Array.isArray(providers) ? providers : []).map(String).sort();
	const known = [...new Set(['XERT', ...names])].map((value) => ({ name: readable(value), value }));
	const wanted = filter.toLowerCase();
	return {
		results: [...known.slice(0, 1), ANY_PROVIDER, ...known.slice(1)].filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		),
	};
}

/** `GOOGLE_FIT` → "Google Fit". */
function readable(provider: string): string {
	return provider
		.toLowerCase()
		.replace(
			/(^|[_ ])(\w)/g,
			(_, gap: string, letter: string) => (gap ? ' ' : '') + letter.toUpperCase(),
		);
}
