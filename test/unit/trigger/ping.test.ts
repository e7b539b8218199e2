import { refusalOf } from '../../../nodes/Terra/trigger/ping';

const refusal = (url: string, hosts = ['amazonaws.com']) => refusalOf(new URL(url), hosts);

it('payloads are fetched from the allowed hosts and their subdomains', () => {
	expect(refusal('https://terra-payload-bucket.s3.eu-west-2.amazonaws.com/x?y')).toBeUndefined();
	expect(refusal('https://payloads.example.com/x', ['example.com'])).toBeUndefined();
	expect(refusal('https://8.8.8.8/x', ['8.8.8.8'])).toBeUndefined();
});

it.each([
	'https://evil.example/x',
	'https://amazonaws.com.evil.example/x',
	'https://evilamazonaws.com/x',
	'https://amazonaws.com@evil.example/x',
])('a payload on any other host is refused: %s', (url) => {
	expect(refusal(url)).toMatch(/is not allowed: .*'Payload Hosts'/);
});

it.each(['http://bucket.amazonaws.com/x', 'ftp://bucket.amazonaws.com/x'])(
	'a payload without https is refused: %s',
	(url) => {
		expect(refusal(url)).toMatch(/not https/);
	},
);

it.each([
	'localhost',
	'n8n.localhost',
	'127.0.0.1',
	'127.1',
	'2130706433',
	'0x7f.0.0.1',
	'0.0.0.0',
	'10.0.0.8',
	'100.64.0.1',
	'169.254.169.254',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.1',
	'[::1]',
	'[fe80::1]',
	'[::ffff:10.0.0.1]',
	'[2001:db8::1]',
])('a private address is refused even if it is allowed: %s', (host) => {
	const { hostname } = new URL(`https://${host}`);
	expect(refusal(`https://${host}/x`, [hostname])).toMatch(/private/);
});
