export { essentialView, forSheet, present, presentLaps, stateOf, type View } from './present';
export { FILE_FORMATS, fileProblem, rideFile, type FileFormat, type RideFile } from './rideFile';
export { summarise, summaryRide, type SummaryOptions, type SummaryRide } from './summary';
export type { Units } from '../ride/units';
