import fc from 'fast-check';

import { type SlackBlock } from '../../../nodes/Terra/rows/messages';
import type { Activity, TerraUser } from '../../support/terraTypes';
import { expectGolden } from './golden';
import { branchesOf, changed, fullActivity, leavesOf, user, zeroed } from './model';
import { rideSentence, slackBlocks } from './faces';

const named = (name: string) => changed(fullActivity(), ['metadata', 'name'], name);

describe('rideSentence', () => {
	it('describes everything about a ride', () => {
		expect(rideSentence(fullActivity())).toBe(
			'Road Biking "Hills & ‹valleys› "east"" on 14 Nov 2026: 31.2 km in 1:02:33, 512 m of climbing, 214 W average, 234 W normalised, 147 bpm average, TSS 84.',
		);
	});

	it('contains no markup of any chat, whatever the ride is called', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (name) => {
				const sentence = rideSentence({ metadata: { name, type: 16 } });
				expect(sentence).not.toMatch(/[<>*_`~|[\]\\@\0]|&#?\w+;/);
			}),
		);
		expect(rideSentence({ metadata: { name: '<!channel> FTP_test *hard* & [fast] &lt;' } })).toBe(
			'Activity "‹!channel› FTPˍtest ∗hard∗ & (fast) ＆lt;".',
		);
	});

	it('uses miles for imperial units', () => {
		expect(rideSentence(fullActivity(), 'imperial')).toContain(
			'19.4 mi in 1:02:33, 1680 ft of climbing',
		);
	});

	it('leaves out what is missing, and includes zeros', () => {
		const { metadata } = fullActivity();
		expect(rideSentence({ metadata: { ...metadata, name: null } })).toBe(
			'Road Biking on 14 Nov 2026: 0:00:09.',
		);
		expect(rideSentence(null)).toBe('Activity.');
		expect(rideSentence(zeroed(fullActivity()))).toContain(
			'0 km in 0:00:00, 0 m of climbing, 0 W average',
		);
	});

	it('is not a formula, whatever the ride is called', () => {
		expect(rideSentence(named('=HYPERLINK("http://x")'))).toMatch(/^Road Biking/);
	});

	it('is one line', () => {
		expect(rideSentence(named('two\nlines\tand\ttabs'))).toContain('"two lines and tabs"');
	});
});

describe('slackBlocks', () => {
	it('matches the reviewed file', () => {
		expectGolden('slack.json', `${JSON.stringify(slackBlocks(fullActivity(), user), null, 2)}\n`);
	});

	it('mentions nobody, whatever the texts contain', () => {
		const activity = changed(named('<!channel> & <@U1>'), ['device_data', 'name'], '<!here> & co');
		const [header, , context] = slackBlocks(activity, { ...user, reference_id: '<!everyone>' });
		expect(header).toEqual({
			type: 'header',
			text: { type: 'plain_text', text: '<!channel> & <@U1>' },
		});
		const remarks = (context as Extract<SlackBlock, { type: 'context' }>).elements.map(
			({ text }) => text,
		);
		expect(remarks).toEqual(
			expect.arrayContaining(['&lt;!everyone&gt;', 'Wahoo &lt;!here&gt; &amp; co']),
		);
		expect(remarks.join()).not.toMatch(/[<>]/);
	});

	it("stays within Block Kit's limits for any text", () => {
		const long = '&🚴'.repeat(5000);
		const activity = changed(named(long), ['device_data', 'name'], long);
		activity.metadata.city = activity.metadata.state = activity.metadata.country = long;
		expectWithinLimits(slackBlocks(activity, { ...user, reference_id: long, provider: long }));
	});

	it('stays within them with any field missing or wrong, and for any input', () => {
		for (const path of [...branchesOf(fullActivity()), ...leavesOf(fullActivity())]) {
			for (const value of [null, 'x', 1e300, {}]) {
				const activity = changed(fullActivity(), path, value);
				expectWithinLimits(slackBlocks(activity, user));
				expect(rideSentence(activity)).toMatch(/\.$/);
			}
		}
		fc.assert(
			fc.property(fc.anything(), fc.anything(), (activity, anyone) => {
				expectWithinLimits(slackBlocks(activity as Activity, anyone as TerraUser));
				expect(rideSentence(activity as Activity)).toMatch(/\.$/);
			}),
		);
	});
});

/** Slack's limits: 50 blocks, header of 150 characters, 10 fields of 2,000, 10 context elements, no empty text. */
function expectWithinLimits(blocks: readonly SlackBlock[]): void {
	const beyond = blocks.filter((block) => {
		const texts =
			block.type === 'header'
				? [block.text]
				: block.type === 'section'
					? block.fields
					: block.elements;
		const longest = block.type === 'header' ? 150 : 2000;
		const fits = ({ text }: { text: string }) =>
			text.length > 0 && text.length <= longest && !/\p{Cs}/u.test(text);
		return !(texts.length > 0 && texts.length <= 10 && texts.every(fits));
	});
	expect(beyond).toEqual([]);
	expect(blocks.length).toBeGreaterThan(0);
	expect(blocks.length).toBeLessThanOrEqual(50);
}
