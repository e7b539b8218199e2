/** Garmin's numbers for a sport and its sub-sport. */
export interface FitSport {
	sport: number;
	subSport: number;
}

/** By Terra's number for the activity type: [sport, sub-sport]. */
const SPORTS: Readonly<Record<number, readonly [number, number]>> = {
	1: [2, 0], // Biking
	14: [2, 12], // Hand Biking
	15: [2, 8], // Mountain Biking
	16: [2, 7], // Road Biking
	17: [2, 5], // Spinning
	18: [2, 6], // Stationary Biking
	19: [2, 48], // Utility Biking
	150: [2, 46], // Gravel Cycling
	152: [21, 28], // E-Biking
	153: [21, 47], // E-Mountain Biking
	8: [1, 0], // Running
	56: [1, 0], // Jogging
	57: [1, 0], // Running on Sand
	58: [1, 1], // Treadmill Running
	133: [1, 45], // Indoor Running
	149: [1, 3], // Trail Running
	7: [11, 0], // Walking
	93: [11, 0], // Walking for Fitness
	94: [11, 0], // Nordic Walking
	95: [11, 27], // Treadmill Walking
	35: [17, 0], // Hiking
	82: [5, 0], // Swimming
	83: [5, 17], // Swimming in Pool
	84: [5, 18], // Open Water Swimming
	53: [15, 0], // Rowing
	54: [15, 14], // Rowing Machine
	25: [4, 15], // Elliptical
	77: [4, 16], // Stair Climbing
	78: [4, 16], // Stair Climbing Machine
	80: [10, 20], // Strength Training
	97: [10, 20], // Weightlifting
	100: [10, 43], // Yoga
	49: [10, 44], // Pilates
	123: [10, 26], // Cardio Training
	67: [12, 0], // Cross Country Skiing
	68: [13, 0], // Downhill Skiing
	73: [14, 0], // Snowboarding
	75: [35, 0], // Snowshoeing
	79: [37, 0], // Stand Up Paddleboarding
	104: [33, 0], // Ice Skating
	127: [30, 0], // Inline Skating
};

/** "Generic" if Garmin has no such sport, or if Terra did not say. */
export function fitSportOf(type: number | null): FitSport {
	const [sport, subSport] = SPORTS[type ?? NaN] ?? [0, 0];
	return { sport, subSport };
}
