import { figuresOf, type Figure } from '../ride/figures';
import { sportOf, titleOf, type Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { dayText } from '../terra/times';
import { chatSafe } from '../text/plain';
import { shorten } from '../text/shorten';

/**
 * A ride in one sentence, ready for a chat or an email:
 * `Road Biking "Girona loop" on 21 Nov 2026: 30.6 km in 1:00:00, 412 m of climbing, 210 W average, TSS 77.`
 * It begins with Terra's name for the sport, never with the athlete's text, so no name can make it a formula, and no
 * chat finds markup or a mention in the name.
 */
export function rideSentence(ride: Ride, units: Units = 'metric'): string {
	const date = dayText(ride.localDate);
	const figures = figuresOf(ride, units);
	const { distance, duration, climb, power, normalised, heartRate, tss } = figures;
	const parts = [
		[distance?.text, duration?.text].filter(Boolean).join(' in '),
		climb && `${climb.text} of climbing`,
		power && `${power.text} average`,
		normalised && `${normalised.text} normalised`,
		heartRate && `${heartRate.text} average`,
		tss && `TSS ${tss.text}`,
	].filter(Boolean);
	const subject = [
		sportOf(ride),
		ride.title && `"${chatSafe(shorten(ride.title, 200))}"`,
		date && `on ${date}`,
	]
		.filter(Boolean)
		.join(' ');
	return parts.length > 0 ? `${subject}: ${parts.join(', ')}.` : `${subject}.`;
}

export interface SlackText {
	type: 'plain_text' | 'mrkdwn';
	text: string;
	verbatim?: boolean;
}

export type SlackBlock =
	| { type: 'header'; text: SlackText }
	| { type: 'section'; fields: SlackText[] }
	| { type: 'context'; elements: SlackText[] };

const HEADER_CHARACTERS = 150;
const SECTION_FIELDS = 10;
// Slack allows 2,000 in a field, and escaping turns one character into up to five.
const TEXT_CHARACTERS = 300;

/**
 * A ride as Slack Block Kit blocks: a header, its figures, and a line about athlete, day, place and device.
 * Send them as `{ "blocks": … }`, with `rideSentence` as the text for notifications.
 */
export function slackBlocks(ride: Ride, units: Units = 'metric'): SlackBlock[] {
	const fields = Object.values(figuresOf(ride, units))
		.filter((figure) => figure !== null)
		.slice(0, SECTION_FIELDS)
		.map(({ label, text: value }: Figure) => markdown(`*${label}*\n${value}`));
	const remarks = [
		ride.referenceId ?? ride.userId,
		ride.title && sportOf(ride),
		dayText(ride.localDate),
		ride.place,
		ride.device,
		ride.provider,
	].filter((remark) => remark !== null);
	const blocks: SlackBlock[] = [
		{
			type: 'header',
			text: { type: 'plain_text', text: shorten(titleOf(ride), HEADER_CHARACTERS) },
		},
	];
	if (fields.length > 0) blocks.push({ type: 'section', fields });
	if (remarks.length > 0) {
		const elements = remarks.map((remark) =>
			markdown(escapeMarkdown(shorten(remark, TEXT_CHARACTERS))),
		);
		blocks.push({ type: 'context', elements });
	}
	return blocks;
}

/** `verbatim` keeps Slack from turning words into links and mentions. */
function markdown(value: string): SlackText {
	return { type: 'mrkdwn', text: value, verbatim: true };
}

/** Escapes the three characters that have a meaning in Slack's markup, as in `<!channel>`. */
function escapeMarkdown(value: string): string {
	return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
