import { createHmac } from 'node:crypto';
import {
	parseSignature,
	splitSecrets,
	verifySignature,
} from '../../../nodes/Terra/trigger/signature';

const SECRET = 'example-secret';
const BODY = Buffer.from('{"type":"activity","note":"Zürich ✓"}');

const hmac = (timestamp: string, body = BODY, secret = SECRET) =>
	createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

const accepts = (header: unknown, body = BODY, secrets = [SECRET]) => {
	const signature = parseSignature(header);
	return signature !== undefined && verifySignature(signature, body, secrets) !== undefined;
};

describe('a signature is accepted', () => {
	it.each([
		['in seconds', `t=1795254074,v1=${hmac('1795254074')}`],
		['in milliseconds, signed literally', `t=1795254074123,v1=${hmac('1795254074123')}`],
		['with a leading zero, signed literally', `t=01795254074,v1=${hmac('01795254074')}`],
		['with spaces after the commas', `t=1795254074, v1=${hmac('1795254074')}`],
		['with its parts in another order', `v1=${hmac('1795254074')},t=1795254074`],
		['in upper-case hex', `t=1,v1=${hmac('1').toUpperCase()}`],
		['as the last of several v1', `t=1,v1=${'0'.repeat(64)},v1=${hmac('1')}`],
		['as the first of several v1', `t=1,v1=${hmac('1')},v1=${'f'.repeat(64)}`],
		['beside a malformed v1', `t=1,v1=zz,v1=${hmac('1')}`],
		['beside another scheme', `t=1,v0=${'0'.repeat(64)},v1=${hmac('1')}`],
		['when the whole header came twice', `t=1,v1=${hmac('1')}, t=1,v1=${hmac('1')}`],
	])('%s', (_case, header) => {
		expect(accepts(header)).toBe(true);
	});

	it('made with any of several secrets', () => {
		expect(accepts(`t=1,v1=${hmac('1')}`, BODY, ['other', SECRET])).toBe(true);
	});
});

describe('a signature is refused', () => {
	const good = hmac('1');
	it.each<[string, unknown]>([
		['null', null],
		['undefined', undefined],
		['empty', ''],
		['a number', 1],
		['an array', [`t=1,v1=${good}`]],
		['only a comma', ','],
		['without t', `v1=${good}`],
		['with an empty t', `t=,v1=${good}`],
		['with a negative t', `t=-1,v1=${hmac('-1')}`],
		['with a huge t', `t=${'9'.repeat(40)},v1=${hmac('9'.repeat(40))}`],
		['with a t that is no number', `t=now,v1=${hmac('now')}`],
		['with two different t', `t=1,t=2,v1=${good}`],
		['without v1', 't=1'],
		['with an empty v1', 't=1,v1='],
		['with v1 that is not hex', `t=1,v1=${'g'.repeat(64)}`],
		['with v1 of odd length', `t=1,v1=${good.slice(1)}`],
		['with v1 cut short', `t=1,v1=${good.slice(2)}`],
		['with v1 too long', `t=1,v1=${good}00`],
		['with v1 of the right length and the wrong value', `t=1,v1=${'0'.repeat(64)}`],
		['of another scheme only', `t=1,v0=${good}`],
		['whose scheme is in capitals', `T=1,V1=${good}`],
		['made at another time', `t=2,v1=${good}`],
		[
			'over the body without the time',
			`t=1,v1=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`,
		],
		['by another secret', `t=1,v1=${hmac('1', BODY, 'other')}`],
		['over another body', `t=1,v1=${hmac('1', Buffer.from('{}'))}`],
	])('%s', (_case, header) => {
		expect(accepts(header)).toBe(false);
	});

	it('when one byte of the body differs', () => {
		const altered = Buffer.from(BODY);
		altered[altered.length - 2]! ^= 1;
		expect(accepts(`t=1,v1=${good}`, altered)).toBe(false);
	});

	it('when the same JSON is formatted differently', () => {
		const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 1));
		expect(accepts(`t=1,v1=${good}`, rewritten)).toBe(false);
	});

	it('when there is no secret', () => {
		expect(accepts(`t=1,v1=${good}`, BODY, [])).toBe(false);
	});
});

describe('the secrets of the credential', () => {
	it.each([
		['one', 'abc', ['abc']],
		['one a line', 'abc\ndef\r\n', ['abc', 'def']],
		['separated by commas', 'abc, def ,ghi', ['abc', 'def', 'ghi']],
		['with white space around it, as pasted', '  abc\t', ['abc']],
		['nothing', '', []],
		['only separators', ' ,\n, ', []],
	])('%s', (_case, text, secrets) => {
		expect(splitSecrets(text)).toEqual(secrets);
	});

	it('as a number or a list, which an expression may return', () => {
		expect([7, ['a', 'b c'], [8]].map(splitSecrets)).toEqual([['7'], ['a', 'b', 'c'], ['8']]);
	});

	it('missing or of the wrong type', () => {
		expect([undefined, null, {}, [{}]].map(splitSecrets)).toEqual([[], [], [], []]);
	});
});
