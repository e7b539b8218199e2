import fc from 'fast-check';
import { parseKey, recordKey } from '../../../nodes/Terra/terra/keys';

const record = (summary_id: unknown, start_time = '2026-03-02T09:00:00+01:00') => ({
	metadata: { summary_id, start_time },
});

describe('the key of a record', () => {
	it('contains the owner and the record, whatever is in the IDs', () => {
		const id = fc.string({ minLength: 1, unit: 'binary' });
		fc.assert(
			fc.property(id, id, (reference_id, summary_id) => {
				const key = recordKey('activity', record(summary_id), { reference_id, provider: 'xert' });
				// An ID of only control characters counts as missing.
				if (key === null) return;
				expect(key).not.toMatch(/^[=+\-@\s'＝＋－＠]/);
				const parts = parseKey(key);

				const clean = (text: string) => text.replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '');
				if (clean(summary_id) === '') return;
				expect(parts).toEqual({
					owner: clean(reference_id),
					provider: 'XERT',
					identity: clean(summary_id),
				});
			}),
		);
	});

	it('differs for different owners, providers and records', () => {
		const id = fc.constantFrom('a', 'a:', ':', 'XERT', 'a:XERT', '%3A', 'a%3AXERT', '1');
		const parts = fc.tuple(id, fc.constantFrom('XERT', 'A'), id);
		fc.assert(
			fc.property(parts, parts, (one, other) => {
				const keyOf = ([reference_id, provider, summary_id]: typeof one) =>
					recordKey('activity', record(summary_id), { reference_id, provider });
				expect(keyOf(one) === keyOf(other)).toBe(one.join('\n') === other.join('\n'));
			}),
		);
	});

	it('does not use a number that JSON.parse has rounded', () => {
		// As JSON.parse reads 2369048793018741424 and …425.
		const [first, second] = JSON.parse('[2369048793018741424, 2369048793018741425]') as number[];
		const user = { reference_id: 'rider-1', provider: 'XERT' };
		expect(recordKey('activity', record(first), user)).toBe(
			'rider-1:XERT:2026-03-02T09:00:00+01:00',
		);
		expect(recordKey('activity', record(second, '2026-03-03T09:00:00+01:00'), user)).toBe(
			'rider-1:XERT:2026-03-03T09:00:00+01:00',
		);
		expect(recordKey('activity', record(4711), user)).toBe('rider-1:XERT:4711');
	});

	it('differs for two weighings on one day, but not for two versions of a day', () => {
		const user = { reference_id: 'rider-1', provider: 'WITHINGS' };
		const key = (start_time: string) => recordKey('body', { metadata: { start_time } }, user);
		expect(key('2026-03-02T07:05:00+01:00')).not.toBe(key('2026-03-02T20:10:00+01:00'));
		expect(key('2026-03-02T00:00:00.000000+01:00')).toBe('rider-1:WITHINGS:2026-03-02');
	});

	it.each(['8fk2q7m1c5t9', '2026-03-02T09:00:00+01:00', 'a:b', ''])('%p is not a key', (text) => {
		expect(parseKey(text)).toBeUndefined();
	});
});
