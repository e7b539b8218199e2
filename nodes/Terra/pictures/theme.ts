export const THEME_NAMES = ['light', 'dark'] as const;

export type ThemeName = (typeof THEME_NAMES)[number];

export interface Theme {
	background: string;
	ink: string;
	muted: string;
	/** Grid lines, and the tracks of bars. */
	faint: string;
	/** The line of a ride that is not coloured by an effort. */
	accent: string;
	power: string;
	heartRate: string;
	elevation: string;
	start: string;
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
	light: {
		background: '#ffffff',
		ink: '#0f172a',
		muted: '#5b6676',
		faint: '#e4e8ee',
		accent: '#f4511e',
		power: '#4f46e5',
		heartRate: '#e11d48',
		elevation: '#0d9488',
		start: '#0f9d58',
	},
	dark: {
		background: '#0e131a',
		ink: '#f8fafc',
		muted: '#98a3b3',
		faint: '#27303b',
		accent: '#ff7043',
		power: '#8b93ff',
		heartRate: '#ff6b81',
		elevation: '#2dd4bf',
		start: '#34d399',
	},
};

/** From easy to hard. */
const HEAT = ['#3b6fd9', '#1fa3b8', '#43b573', '#f2b632', '#ee6c37', '#cf2f5b'];

/** The colour of an effort from 0 (easy) to 1 (hard), in few levels, so that a line does not become a thousand pieces. */
export function heat(share: number): string {
	const level = Math.round(Math.min(1, Math.max(0, share)) * LEVELS) / LEVELS;
	const place = level * (HEAT.length - 1);
	const index = Math.min(HEAT.length - 2, Math.floor(place));
	return mixed(HEAT[index]!, HEAT[index + 1]!, place - index);
}

const LEVELS = 30;

function mixed(from: string, to: string, share: number): string {
	const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(1), 16));
	const parts = [16, 8, 0].map((shift) => {
		const [low, high] = [(a! >> shift) & 255, (b! >> shift) & 255];
		return Math.round(low + (high - low) * share);
	});
	return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
