import { at, fields, list, number, text } from '../terra/read';
import { durationText } from '../terra/times';
import { shorten } from '../rows/messages';
import { escapeXml } from '../text/xml';

export interface Zone {
	name: string;
	seconds: number;
}

const COLOURS = ['#94a3b8', '#38bdf8', '#22c55e', '#f59e0b', '#f97316', '#e11d48', '#9f1239'];

/** The heart rate zones that have a time, from the easiest; at most as many as fit. */
export function zonesOf(activity: unknown): Zone[] {
	return list(at(activity, 'heart_rate_data.summary.hr_zone_data'))
		.map(fields)
		.map((zone, index) => ({
			order: number(zone.zone) ?? index,
			name: text(zone.name) ?? `Zone ${(number(zone.zone) ?? index) + 1}`,
			seconds: number(zone.duration_seconds) ?? -1,
		}))
		.filter(({ seconds }) => seconds >= 0)
		.sort((a, b) => a.order - b.order)
		.slice(0, COLOURS.length);
}

/** Bars for the time in each zone, the hardest at the top. */
export function zonePanel(
	zones: readonly Zone[],
	box: { x: number; y: number; width: number; height: number },
): string {
	if (zones.length === 0) return '';
	const total = zones.reduce((sum, { seconds }) => sum + seconds, 0);
	const longest = zones.reduce((most, { seconds }) => Math.max(most, seconds), 0) || 1;
	const row = Math.min(86, box.height / zones.length);
	const bar = Math.min(26, row * 0.4);
	const bars = zones.map(({ name, seconds }, index) => {
		const y = box.y + (zones.length - 1 - index) * row + row / 2;
		const width = Math.max(2, (seconds / longest) * box.width);
		const share = total > 0 ? `${Math.round((seconds / total) * 100)} %` : '';
		return [
			`<text x="${box.x}" y="${(y - bar / 2 - 1).toFixed(1)}" fill="#334155">${escapeXml(shorten(name, 18))}</text>`,
			`<text x="${box.x + box.width}" y="${(y - bar / 2 - 1).toFixed(1)}" text-anchor="end" font-size="12" fill="#64748b">${durationText(seconds) ?? ''}  ·  ${share}</text>`,
			`<rect x="${box.x}" y="${(y - bar / 2 + 6).toFixed(1)}" width="${box.width}" height="${bar.toFixed(1)}" rx="4" fill="#f1f5f9"/>`,
			`<rect x="${box.x}" y="${(y - bar / 2 + 6).toFixed(1)}" width="${width.toFixed(1)}" height="${bar.toFixed(1)}" rx="4" fill="${COLOURS[index]}"/>`,
		].join('\n');
	});
	return [
		`<text x="${box.x}" y="${box.y - 9}" font-weight="600" fill="#0f172a">Time in heart rate zones</text>`,
		...bars,
	].join('\n');
}
