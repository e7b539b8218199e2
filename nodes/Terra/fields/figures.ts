import type { INodeProperties } from 'n8n-workflow';
import {
	COGGAN_HEART_RATE_LIMITS,
	COGGAN_POWER_LIMITS,
	HEART_RATE_ZONES,
	MAXIMUM_HEART_RATE_LIMITS,
	POWER_ZONES,
	type AthleteNumbers,
} from '../ride/athlete';
import { FIGURES } from '../rows/figureColumns';
import { asObject } from '../terra/json';
import { UserError } from '../terra/userError';
import type { Show } from './show';
import { isEmpty, readChoice, readList, readNumber, type Parameters } from './values';

const listOf = (limits: readonly number[]) => limits.join(', ');

/**
 * Figures that Terra does not send, and the athlete's numbers that they need.
 *
 * @param hint where the samples come from
 */
export function figureFields(show: Show, hint: string): INodeProperties[] {
	return [
		{
			displayName: 'Computed Figures',
			name: 'figures',
			type: 'multiOptions',
			default: [],
			options: FIGURES.map(({ value, name, description }) => ({ value, name, description }))
				// Sorted as text, numbers included: n8n's lint rules require it.
				.sort((a, b) => a.name.localeCompare(b.name)),
			description:
				'Extra columns for activities, computed from every recorded second. Empty if the provider has no samples.',
			hint,
			displayOptions: { show },
		},
		{
			displayName: "Athlete's Numbers",
			name: 'athleteNumbers',
			type: 'collection',
			placeholder: 'Add Number',
			default: {},
			description: 'For several athletes, use expressions that read a table',
			options: numberOptions,
			displayOptions: { show: { ...show, figures: FIGURES.map(({ value }) => value) } },
		},
	];
}

const numberOptions: INodeProperties[] = [
	{
		displayName: 'Heart Rate Zone Limits (%)',
		name: 'heartRateZones',
		type: 'string',
		default: listOf(COGGAN_HEART_RATE_LIMITS),
		description: `Upper limits of all zones but the last, in percent of the threshold heart rate, or of the maximum. Without this option: ${listOf(COGGAN_HEART_RATE_LIMITS)} of the threshold, ${listOf(MAXIMUM_HEART_RATE_LIMITS)} of the maximum.`,
	},
	{
		displayName: 'Maximum Heart Rate (Bpm)',
		name: 'maxHeartRate',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'For heart rate zones, if there is no threshold heart rate. 0 means unknown.',
	},
	{
		displayName: 'Power Zone Limits (%)',
		name: 'powerZones',
		type: 'string',
		default: listOf(COGGAN_POWER_LIMITS),
		description: 'Upper limits of all zones but the last, in percent of the threshold power',
	},
	{
		displayName: 'Threshold Heart Rate (Bpm)',
		name: 'thresholdHeartRate',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'For heart rate zones. 0 means unknown.',
	},
	{
		displayName: 'Threshold Power (W)',
		name: 'thresholdWatts',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			"For intensity, load, work above threshold and power zones. Without it the node uses the threshold that Terra's normalised power and intensity imply, where it has both. 0 means unknown.",
	},
	{
		displayName: 'Weight (Kg)',
		name: 'weightKg',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 1 },
		default: 0,
		description: 'For watts per kilogram. 0 means unknown.',
	},
];

/** The choices whose maximum over several rides is meaningful. */
const BESTS = FIGURES.filter(({ value }) => value.startsWith('best_power_'));

export const bestsField: INodeProperties = {
	displayName: 'Best Power',
	name: 'bests',
	type: 'multiOptions',
	default: [],
	options: BESTS.map(({ value, name, description }) => ({
		value,
		name: name.replace('Best Power: ', ''),
		description,
	})).sort((a, b) => a.name.localeCompare(b.name)),
	description: 'The best of all rides of a period. Empty if the provider has no samples.',
	hint: 'With any of these the node asks Terra for samples, which takes longer',
};

/** @throws UserError naming the field */
export function readBests({ bests }: Parameters): string[] {
	const choices = BESTS.map(({ value }) => value);
	return readList(bests, 'Best Power').map((name) => readChoice(name, 'Best Power', choices, name));
}

export const thresholdOption: INodeProperties = {
	displayName: 'Threshold Power (W)',
	name: 'thresholdWatts',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'For the load of rides for which Terra sends normalised power but no TSS. 0 means unknown.',
};

/** @throws UserError naming the field */
export function readThreshold({ options }: Parameters): number | null {
	return known(asObject(options).thresholdWatts, 'Threshold Power (W)');
}

/** @throws UserError naming the field */
export function readFigures({ figures }: Parameters): string[] {
	const wanted = readList(figures, 'Computed Figures');
	const unknown = wanted.filter((name) => !FIGURES.some(({ value }) => value === name));
	if (unknown.length === 0) return wanted;
	throw new UserError(
		"'Computed Figures' has an unknown value",
		`There is no figure ${unknown.slice(0, 5).join(', ')}. Choose from the list; an expression can yield ${FIGURES.map(({ value }) => value).join(', ')}.`,
	);
}

/** @throws UserError naming the field */
export function readAthleteNumbers({ athleteNumbers }: Parameters): AthleteNumbers {
	const given = asObject(athleteNumbers);
	return {
		thresholdWatts: known(given.thresholdWatts, 'Threshold Power (W)'),
		thresholdHeartRate: known(given.thresholdHeartRate, 'Threshold Heart Rate (Bpm)'),
		maxHeartRate: known(given.maxHeartRate, 'Maximum Heart Rate (Bpm)'),
		weightKg: known(given.weightKg, 'Weight (Kg)'),
		powerZoneLimits: limitsOf(given.powerZones, 'Power Zone Limits (%)', POWER_ZONES),
		heartRateZoneLimits: limitsOf(
			given.heartRateZones,
			'Heart Rate Zone Limits (%)',
			HEART_RATE_ZONES,
		),
	};
}

/** A coach's table has 0 or nothing where a number is unknown. */
function known(value: unknown, field: string): number | null {
	return readNumber(value, { field, min: 0, fallback: 0 }) || null;
}

function limitsOf(value: unknown, field: string, zones: number): number[] | null {
	if (isEmpty(value)) return null;
	const limits = readList(value, field).map(Number);
	const isRising = limits.every((limit, index) => limit > (limits[index - 1] ?? 0));
	if (limits.length > 0 && limits.length < zones && isRising) return limits;
	throw new UserError(
		`'${field}' is not a list of rising percentages`,
		`Enter at most ${zones - 1}, separated by commas, such as ${listOf(zones === POWER_ZONES ? COGGAN_POWER_LIMITS : MAXIMUM_HEART_RATE_LIMITS)}. Current value: ${String(value).slice(0, 60)}`,
	);
}
