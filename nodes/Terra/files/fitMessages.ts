import type { Layout } from './fitFile';

/** The messages of an activity file: Garmin's numbers for them and their fields, and the scale of stored values. */
export const FIT_MESSAGES = {
	fileId: {
		number: 0,
		fields: {
			type: [0, 'enum'],
			manufacturer: [1, 'uint16'],
			timeCreated: [4, 'uint32'],
			productName: [8, 'text'],
		},
	},
	deviceInfo: {
		number: 23,
		fields: {
			timestamp: [253, 'uint32'],
			deviceIndex: [0, 'uint8'],
			manufacturer: [2, 'uint16'],
			productName: [27, 'text'],
		},
	},
	event: {
		number: 21,
		fields: { timestamp: [253, 'uint32'], event: [0, 'enum'], eventType: [1, 'enum'] },
	},
	record: {
		number: 20,
		fields: {
			timestamp: [253, 'uint32'],
			latitude: [0, 'sint32'],
			longitude: [1, 'sint32'],
			elevation: [78, 'uint32', 5],
			distance: [5, 'uint32', 100],
			speed: [73, 'uint32', 1000],
			heartRate: [3, 'uint8'],
			cadence: [4, 'uint8'],
			power: [7, 'uint16'],
		},
	},
	lap: {
		number: 19,
		fields: {
			...totals({ averageSpeed: 110, maximumSpeed: 111, others: 15 }),
			lapTrigger: [24, 'enum'],
			sport: [25, 'enum'],
		},
	},
	session: {
		number: 18,
		fields: {
			...totals({ averageSpeed: 124, maximumSpeed: 125, others: 16 }),
			sport: [5, 'enum'],
			subSport: [6, 'enum'],
			totalAscent: [22, 'uint16'],
			firstLapIndex: [25, 'uint16'],
			numLaps: [26, 'uint16'],
			normalizedPower: [34, 'uint16'],
			trainingStressScore: [35, 'uint16', 10],
			intensityFactor: [36, 'uint16', 1000],
			totalWork: [48, 'uint32', 1000],
		},
	},
	activity: {
		number: 34,
		fields: {
			timestamp: [253, 'uint32'],
			totalTimerTime: [0, 'uint32', 1000],
			numSessions: [1, 'uint16'],
			type: [2, 'enum'],
			event: [3, 'enum'],
			eventType: [4, 'enum'],
			localTimestamp: [5, 'uint32'],
		},
	},
} satisfies Record<string, Layout>;

/** The fields that laps and the session share; some have different numbers. */
function totals(ids: { averageSpeed: number; maximumSpeed: number; others: number }) {
	return {
		messageIndex: [254, 'uint16'],
		timestamp: [253, 'uint32'],
		event: [0, 'enum'],
		eventType: [1, 'enum'],
		startTime: [2, 'uint32'],
		totalElapsedTime: [7, 'uint32', 1000],
		totalTimerTime: [8, 'uint32', 1000],
		totalDistance: [9, 'uint32', 100],
		totalCalories: [11, 'uint16'],
		avgSpeed: [ids.averageSpeed, 'uint32', 1000],
		maxSpeed: [ids.maximumSpeed, 'uint32', 1000],
		avgHeartRate: [ids.others, 'uint8'],
		maxHeartRate: [ids.others + 1, 'uint8'],
		avgCadence: [ids.others + 2, 'uint8'],
		maxCadence: [ids.others + 3, 'uint8'],
		avgPower: [ids.others + 4, 'uint16'],
		maxPower: [ids.others + 5, 'uint16'],
	} as const;
}
