import { UNKNOWN_ATHLETE } from '../../../nodes/Terra/ride/athlete';
import { essentialView } from '../../../nodes/Terra/output';
import { recordItem } from '../../../nodes/Terra/trigger/present';
import type { TriggerSettings } from '../../../nodes/Terra/trigger/settings';

const SAMPLES = 40;

/** A ride that counts how often its samples are read. */
function countedRide() {
	const counted = { reads: 0 };
	const samples = Array.from({ length: SAMPLES }, (_, second) => ({
		timestamp: new Date(Date.UTC(2026, 10, 21, 9) + second * 1000).toISOString(),
		get watts() {
			counted.reads++;
			return 250;
		},
	}));
	const record = {
		metadata: { summary_id: 's', type: 1, start_time: '2026-11-21T09:00:00Z' },
		power_data: { power_samples: samples },
	};
	return { counted, record };
}

function deliver(settings: Partial<TriggerSettings>) {
	const { counted, record } = countedRide();
	const user = { user_id: 'u', provider: 'XERT' };
	const event = { type: 'activity', body: { user, data: [record] } };
	const all = { pictureTheme: 'light', attachFile: undefined, ...settings } as TriggerSettings;
	const item = recordItem(event, record, 'new', {} as never, 'webhook', all);
	return { item, reads: counted.reads };
}

const figured = {
	...essentialView('UTC'),
	figures: ['best_power_5s_watts'],
	athlete: UNKNOWN_ATHLETE,
};

it('reads the samples of a ride once, for its figures, its file or both', () => {
	const once = deliver({ view: figured }).reads;
	expect(once).toBeGreaterThanOrEqual(SAMPLES);
	for (const attachFile of ['fit', 'card'] as const) {
		const { item, reads } = deliver({ view: figured, attachFile });
		expect(item.json).toMatchObject({ best_power_5s_watts: 250, file_name: expect.any(String) });
		expect(reads).toBe(once);
	}
	expect(deliver({ view: essentialView('UTC') }).reads).toBe(0);
});
