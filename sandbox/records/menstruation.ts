import { DAY_MS, terraTime } from '../dates';
import { seedFrom } from '../rides/random';
import type { UserDay } from './day';
import { dayMetadata } from './day';

const CYCLE_DAYS = 28;
const PERIOD_DAYS = 5;
const PHASES = { period: 1, follicular: 2, fertile: 3, luteal: 5 };
const FLOW = { none: 1, medium: 3 };

/** The day's position in a regular cycle. */
export function menstruation(day: UserDay) {
	const dayInCycle = 1 + ((day.number + (seedFrom(day.userId) % CYCLE_DAYS)) % CYCLE_DAYS);
	const phases: Array<[phase: number, lastDay: number]> = [
		[PHASES.period, PERIOD_DAYS],
		[PHASES.follicular, 10],
		[PHASES.fertile, 16],
		[PHASES.luteal, CYCLE_DAYS],
	];
	const index = phases.findIndex(([, lastDay]) => dayInCycle <= lastDay);
	const [phase, lastDay] = phases[index] ?? [PHASES.luteal, CYCLE_DAYS];
	const firstDay = (phases[index - 1]?.[1] ?? 0) + 1;
	const cycleStart = day.startMs - (dayInCycle - 1) * DAY_MS;
	const { offsetMinutes } = day.profile;
	return {
		metadata: dayMetadata(day),
		menstruation_data: {
			current_phase: phase,
			day_in_cycle: dayInCycle,
			cycle_length_days: CYCLE_DAYS,
			predicted_cycle_length_days: CYCLE_DAYS,
			period_length_days: PERIOD_DAYS,
			period_start_date: terraTime(cycleStart, offsetMinutes),
			length_of_current_phase_days: lastDay - firstDay + 1,
			days_until_next_phase: lastDay - dayInCycle + 1,
			is_predicted_cycle: false,
			last_updated_time: terraTime(day.startMs, offsetMinutes),
			menstruation_flow: [
				{
					timestamp: terraTime(day.startMs, offsetMinutes),
					flow: phase === PHASES.period ? FLOW.medium : FLOW.none,
				},
			],
		},
	};
}
