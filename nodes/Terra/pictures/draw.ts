import type { Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { cardScene } from './card';
import { chartScene } from './chart';
import { mapScene } from './map';
import type { Scene } from './scene';
import { THEMES, type ThemeName } from './theme';

export type PictureKind = 'card' | 'chart' | 'map';

export interface PictureOptions {
	units?: Units;
	theme?: ThemeName;
}

const SCENES = { card: cardScene, chart: chartScene, map: mapScene };

/** A ride as a picture. @throws UserError if there is nothing to make a map of */
export function ridePicture(
	kind: PictureKind,
	ride: Ride,
	{ units = 'metric', theme = 'light' }: PictureOptions = {},
): Scene {
	return SCENES[kind](ride, units, THEMES[theme]);
}
