export {
	essentialView,
	forSheet,
	present,
	presentLaps,
	presentRide,
	stateOf,
	type View,
} from './present';
export {
	bytesOf,
	FILE_FORMATS,
	fileProblem,
	PICTURES,
	rideFile,
	type FileFormat,
	type FileOptions,
	type RideFile,
} from './rideFile';
export { THEMES } from '../pictures';
export { summarise, summaryRide, type SummaryOptions, type SummaryRide } from './summary';
export type { Units } from '../ride/units';
