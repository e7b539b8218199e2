import type { Zone } from '../ride/ride';
import { durationText } from '../terra/times';
import { shortenToWidth } from '../text/shorten';
import { escapeXml } from '../text/xml';

const COLOURS = ['#94a3b8', '#38bdf8', '#22c55e', '#f59e0b', '#f97316', '#e11d48', '#9f1239'];

/** Bars for the time in each zone, the hardest at the top. */
export function zonePanel(
	zones: readonly Zone[],
	box: { x: number; y: number; width: number; height: number },
): string {
	if (zones.length === 0) return '';
	const total = zones.reduce((sum, { seconds }) => sum + seconds, 0);
	const longest = zones.reduce((most, { seconds }) => Math.max(most, seconds), 0) || 1;
	// With more zones than colours the easiest share one.
	const coloursFrom = Math.min(0, COLOURS.length - zones.length);
	const row = Math.min(86, box.height / zones.length);
	const bar = Math.min(26, row * 0.4);
	const bars = zones.map(({ name, seconds }, index) => {
		const y = box.y + (zones.length - 1 - index) * row + row / 2;
		const width = seconds === 0 ? 0 : Math.max(2, (seconds / longest) * box.width);
		const share = total > 0 ? `  ·  ${Math.round((seconds / total) * 100)} %` : '';
		const time = `${durationText(seconds) ?? ''}${share}`;
		// A letter of these sizes is about 7.5 and 6.5 wide.
		const room = Math.max(4, Math.floor((box.width - time.length * 6.5) / 7.5));
		const colour = COLOURS[Math.max(0, coloursFrom + index)];
		return [
			`<text x="${box.x}" y="${(y - bar / 2 - 1).toFixed(1)}" fill="#334155">${escapeXml(shortenToWidth(name, room))}</text>`,
			`<text x="${box.x + box.width}" y="${(y - bar / 2 - 1).toFixed(1)}" text-anchor="end" font-size="12" fill="#64748b">${time}</text>`,
			`<rect x="${box.x}" y="${(y - bar / 2 + 6).toFixed(1)}" width="${box.width}" height="${bar.toFixed(1)}" rx="4" fill="#f1f5f9"/>`,
			`<rect x="${box.x}" y="${(y - bar / 2 + 6).toFixed(1)}" width="${width.toFixed(1)}" height="${bar.toFixed(1)}" rx="4" fill="${colour}"/>`,
		].join('\n');
	});
	return [
		`<text x="${box.x}" y="${box.y - 9}" font-weight="600" fill="#0f172a">Time in heart rate zones</text>`,
		...bars,
	].join('\n');
}
