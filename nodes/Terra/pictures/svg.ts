import { escapeXml } from '../text/xml';
import { widthOf } from './font';
import { tenth, type Area, type Element, type Line, type Scene, type Text } from './scene';

/** A scene as a self-contained SVG document, without scripts and without anything to load. */
export function toSvg({ width, height, background, title, elements }: Scene): string {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Roboto, Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect width="${width}" height="${height}" fill="${background}"/>`,
		...elements.map(elementText),
		'</svg>',
		'',
	].join('\n');
}

function elementText(element: Element, index: number): string {
	if (element.kind === 'area') return areaText(element, index);
	return element.kind === 'line' ? lineText(element) : textText(element);
}

function areaText({ points, colour, opacity, fade }: Area, index: number): string {
	const polygon = (paint: string) => `<polygon points="${pointsText(points)}" ${paint}/>`;
	if (!fade) return polygon(`fill="${colour}"${opacityText('fill', opacity)}`);
	const stop = (offset: number, at = 1) =>
		`<stop offset="${offset}" stop-color="${colour}" stop-opacity="${at}"/>`;
	const shade = `<linearGradient id="fade${index}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${tenth(fade.from)}" y2="${tenth(fade.to)}">${stop(0, opacity)}${stop(1, fade.opacity)}</linearGradient>`;
	return shade + polygon(`fill="url(#fade${index})"`);
}

function lineText({ points, colour, width, opacity, butt, dash }: Line): string {
	const ends = butt ? '' : ' stroke-linecap="round" stroke-linejoin="round"';
	const dashed = dash ? ` stroke-dasharray="${dash.join(' ')}"` : '';
	return `<polyline points="${pointsText(points)}" fill="none" stroke="${colour}" stroke-width="${tenth(width)}"${ends}${dashed}${opacityText('stroke', opacity)}/>`;
}

function textText(text: Text): string {
	const anchor = text.anchor && text.anchor !== 'start' ? ` text-anchor="${text.anchor}"` : '';
	const weight = text.bold ? ' font-weight="500"' : '';
	// Without the font, a viewer uses one of a different width.
	const width = ` textLength="${tenth(widthOf(text.text, text))}" lengthAdjust="spacingAndGlyphs"`;
	return `<text x="${tenth(text.x)}" y="${tenth(text.y)}" font-size="${text.size}" fill="${text.colour}"${weight}${anchor}${width}>${escapeXml(text.text)}</text>`;
}

function opacityText(what: string, opacity: number | undefined): string {
	return opacity === undefined || opacity === 1 ? '' : ` ${what}-opacity="${opacity}"`;
}

function pointsText(points: readonly number[]): string {
	const pairs: string[] = [];
	for (let at = 0; at < points.length; at += 2) pairs.push(`${points[at]},${points[at + 1]}`);
	return pairs.join(' ');
}
