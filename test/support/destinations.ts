import type { Sandbox } from '../../sandbox';

interface Destination {
	id: string;
	url: string;
	active: boolean;
}

/** Calls the Admin API's destinations independently of the nodes. The answer to `GET` has a list. */
export async function askDestinations(
	{ adminBase, devId, adminToken }: Sandbox,
	method: string,
	path = '',
	body?: object,
): Promise<any> {
	const response = await fetch(
		`${adminBase}/environments/${devId}/unified-api/destinations${path}`,
		{
			method,
			headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		},
	);
	return await response.json().catch(() => ({}));
}

/** Terra's destinations. */
export async function destinationsOf(sandbox: Sandbox): Promise<Destination[]> {
	return ((await askDestinations(sandbox, 'GET')) as { data: Destination[] }).data;
}
