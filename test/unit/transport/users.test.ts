import type { Client, TerraError } from '../../../nodes/Terra/transport';
import { userCompleter } from '../../../nodes/Terra/transport';

it('a user who could not be looked up is asked about again, one who could is not', async () => {
	let requests = 0;
	const client = {
		ask: async () => {
			if (++requests === 1) {
				return { kind: 'unavailable', error: { reason: 'silent' } as TerraError };
			}
			return { kind: 'data', value: { user_id: 'rider', provider: 'XERT', reference_id: 'me' } };
		},
	} as unknown as Client;
	const complete = userCompleter(client);

	await expect(complete({ user_id: 'rider' })).rejects.toMatchObject({ reason: 'silent' });
	expect(await complete({ user_id: 'rider' })).toMatchObject({ reference_id: 'me' });
	expect(await complete({ user_id: 'rider' })).toMatchObject({ reference_id: 'me' });
	expect(requests).toBe(2);
});
