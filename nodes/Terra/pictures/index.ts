export { ridePicture, type PictureKind, type PictureOptions } from './draw';
export { toPng } from './png';
export type { Scene } from './scene';
export { toSvg } from './svg';
export { THEME_NAMES as THEMES, type ThemeName } from './theme';
