export { essentialView, forSheet, present, stateOf, type View } from './present';
export { FILE_FORMATS, fileProblem, rideFile, type FileFormat, type RideFile } from './rideFile';
export type { Units } from '../ride/units';
