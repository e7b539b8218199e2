import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import type { Day, DayRange } from '../terra/days';
import { presetRange, SEARCHED_DAYS, searchedRange } from '../terra/periods';
import { UserError } from '../terra/userError';
import type { Show } from './show';
import { isEmpty, readChoice, readDay, readText, readWholeNumber, type Parameters } from './values';

export const SINCE_LAST_RUN = 'sinceLastRun';

/** The newest, however long ago they were. */
export const LATEST = 'latest';

const FIRST_DAY = '1970-01-01';

const PRESETS = [
	{
		name: 'All Time',
		value: 'allTime',
		description: 'The last 16 years: as many days as Terra returns for an athlete in an hour',
	},
	{ name: 'Custom Range', value: 'custom' },
	{ name: 'Last 30 Days', value: 'last30Days' },
	{ name: 'Last 7 Days', value: 'last7Days' },
	{ name: 'Last 90 Days', value: 'last90Days' },
	{ name: 'Last Month', value: 'lastMonth' },
	{ name: 'Last Week', value: 'lastWeek', description: 'Monday to Sunday' },
	{ name: 'This Month', value: 'thisMonth' },
	{ name: 'This Week', value: 'thisWeek', description: 'Since Monday' },
	{ name: 'This Year', value: 'thisYear' },
] as const;

const LAST_RUN = {
	name: 'Since the Last Successful Run',
	value: SINCE_LAST_RUN,
	description:
		'For scheduled workflows: what is new since this node last succeeded. The first run gets the last 30 days.',
} as const;

const NEWEST = {
	name: 'Latest',
	value: LATEST,
	description: `The newest ones, whatever their date: looks back up to ${SEARCHED_DAYS} days`,
} as const;

const DESCRIPTION =
	"Which days to get, up to and including today in the workflow's time zone. Terra counts days in UTC, so the node requests one more day at each end and drops the excess.";

const HINT = "A record belongs to the day on the athlete's own clock";

/** Periods in words, for a model that may not know what day it is. */
const WORDS = PRESETS.map(({ value }) => value)
	.filter((value) => value !== 'custom')
	.join(', ');

/** What a model reads about the fields of `athleteFields` and `periodFields`. */
export const ATHLETE_AND_PERIOD_FOR_MODEL = `Athlete: reference ID, such as rider-0042, or user_id. Period: ${WORDS}, a day (2026-01-31) or days (2026-01-01/2026-01-31).`;

/** `description` and `hint` are for operations that do something with the days other than get them. */
export function periodFields({
	withLastRun = false,
	withLatest = false,
	description = DESCRIPTION,
	hint = HINT,
	show = {},
}: {
	withLastRun?: boolean;
	withLatest?: boolean;
	description?: string;
	hint?: string;
	show?: Show;
} = {}): INodeProperties[] {
	// With one click n8n can let a model fill a string field, but not a list: so in a tool the period is a string.
	// '@tool' comes first, since n8n shows any field whose condition depends on an expression.
	const forPeople = (when: Show) => ({ show: { '@tool': [false], ...show, ...when } });
	const custom = forPeople({ period: ['custom'] });
	return [
		{
			displayName: 'Period',
			name: 'period',
			type: 'options',
			options: [
				...PRESETS,
				...(withLastRun ? [LAST_RUN] : []),
				...(withLatest ? [NEWEST] : []),
			].sort((a, b) => a.name.localeCompare(b.name)),
			default: 'last30Days',
			description,
			hint,
			displayOptions: forPeople({}),
		},
		{
			displayName: 'Period',
			name: 'period',
			type: 'string',
			default: 'last30Days',
			placeholder: 'e.g. lastWeek',
			description: `${WORDS}${withLatest ? `, ${LATEST}` : ''}; a day, or days such as 2026-01-01/2026-01-31`,
			displayOptions: { show: { ...show, '@tool': [true] } },
		},
		...(withLastRun ? [lastRunNotice(forPeople({ period: [SINCE_LAST_RUN] }))] : []),
		...(withLatest ? [howManyField(forPeople({ period: [LATEST] }))] : []),
		{
			displayName: 'From',
			name: 'from',
			type: 'dateTime',
			typeOptions: { dateOnly: true },
			default: '',
			description: 'First day to include, such as 2026-01-31',
			displayOptions: custom,
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'dateTime',
			typeOptions: { dateOnly: true },
			default: '',
			description: 'Last day to include, such as 2026-01-31. Leave empty for today.',
			displayOptions: custom,
		},
	];
}

function lastRunNotice(displayOptions: IDisplayOptions): INodeProperties {
	return {
		displayName:
			'Runs of the published workflow get what is new since the last one; the first gets the last 30 days. Runs in the editor remember nothing: each is like a first run.',
		name: 'lastRunNotice',
		type: 'notice',
		default: '',
		displayOptions,
	};
}

function howManyField(displayOptions: IDisplayOptions): INodeProperties {
	return {
		displayName: 'How Many',
		name: 'howMany',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'How many of the newest to get, across all athletes of the item',
		displayOptions,
	};
}

interface Calendar {
	/** Of the workflow. */
	timezone: string;
	today: Day;
}

/**
 * The days that the fields ask for.
 *
 * @throws UserError for an invalid custom range
 */
export function readPeriod(
	parameters: Parameters,
	calendar: Calendar,
): DayRange | typeof SINCE_LAST_RUN {
	const days = /^(\d{4}-[^/]*)(?:\/(.*))?$/.exec(readText(parameters.period));
	if (days) {
		const [, from, to = from] = days;
		return readCustomRange({ from, to }, calendar, 'Period');
	}
	const values = [...PRESETS.map(({ value }) => value), LAST_RUN.value, NEWEST.value];
	const period = readChoice(parameters.period, 'Period', values, 'last30Days');
	if (period === SINCE_LAST_RUN) return period;
	if (period === 'custom') return readCustomRange(parameters, calendar);
	if (period === LATEST) return searchedRange(calendar.today);
	return presetRange(period, calendar.today);
}

/**
 * How many of the newest to get; undefined if 'Period' asks for days.
 *
 * @throws UserError unless it is a whole number
 */
export function readLatest({ period, howMany }: Parameters): number | undefined {
	if (readText(period).toLowerCase() !== LATEST) return undefined;
	return readWholeNumber(howMany ?? 1, { field: 'How Many', min: 1 });
}

/**
 * As `readPeriod`, without the choice Since the Last Successful Run.
 *
 * @param withLatest whether Latest is one
 */
export function readRange(
	parameters: Parameters,
	calendar: Calendar,
	{ withLatest = false } = {},
): DayRange {
	const period = readPeriod(parameters, calendar);
	const isChoice = withLatest || readLatest(parameters) === undefined;
	if (period !== SINCE_LAST_RUN && isChoice) return period;
	throw new UserError(
		`'Period' has an unknown value`,
		`Possible values: ${PRESETS.map(({ value }) => value).join(', ')}.`,
	);
}

/** @param field the one that holds both days, if one does */
function readCustomRange(
	parameters: Parameters,
	{ timezone, today }: Calendar,
	field?: string,
): DayRange {
	const from = readDay(parameters.from, field ?? 'From', timezone);
	const isOpen = isEmpty(parameters.to);
	const to = isOpen ? today : readDay(parameters.to, field ?? 'To', timezone);
	if (from > to) {
		throw new UserError(
			"'From' is after 'To'",
			`The range begins on ${from} and ends on ${to}.${isOpen ? " An empty 'To' is today." : ''}`,
		);
	}
	if (from < FIRST_DAY) {
		throw new UserError(
			`'From' is before ${FIRST_DAY}`,
			`It is now ${from}. For everything there is, choose 'All Time'.`,
		);
	}
	return isOpen ? { from, to, isOpen: true } : { from, to };
}
