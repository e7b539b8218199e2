import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { DayRange } from '../terra/days';
import { presetRange, type Preset } from '../terra/periods';
import { dayFrom, isEmpty, today } from './inputs';

type Show = NonNullable<INodeProperties['displayOptions']>['show'];

export const SINCE_LAST_RUN = 'sinceLastRun';

const FIRST_DAY = '1970-01-01';

const PRESETS = [
	{
		name: 'All Time',
		value: 'allTime',
		description: 'The last 16 years: as many days as Terra hands out for an athlete in an hour',
	},
	{ name: 'Custom Range', value: 'custom' },
	{ name: 'Last 30 Days', value: 'last30Days' },
	{ name: 'Last 7 Days', value: 'last7Days' },
	{ name: 'Last 90 Days', value: 'last90Days' },
	{ name: 'This Month', value: 'thisMonth' },
	{ name: 'This Week', value: 'thisWeek', description: 'Since Monday' },
	{ name: 'This Year', value: 'thisYear' },
];

const LAST_RUN = {
	name: 'Since the Last Successful Run',
	value: SINCE_LAST_RUN,
	description:
		'For scheduled workflows: what is new since this node last succeeded. It begins with the last 30 days. Test runs in the editor do not count: they begin anew each time.',
};

const DESCRIPTION =
	"Which days to get, up to and including today, by the workflow's time zone. Terra counts days in UTC, so a day more is asked for at both ends and what is too much is left out.";

const HINT = "Days are those of the athlete's own calendar; today is the workflow's";

/** `description` and `hint` are given where the operation does something else with the days than to get them. */
export function periodFields(
	show: Show,
	{
		withLastRun = false,
		description = DESCRIPTION,
		hint = HINT,
	}: { withLastRun?: boolean; description?: string; hint?: string } = {},
): INodeProperties[] {
	const custom = { show: { ...show, period: ['custom'] } };
	return [
		{
			displayName: 'Period',
			name: 'period',
			type: 'options',
			options: withLastRun
				? [...PRESETS, LAST_RUN].sort((a, b) => a.name.localeCompare(b.name))
				: PRESETS,
			default: 'last30Days',
			description,
			hint,
			displayOptions: { show },
		},
		{
			displayName: 'From',
			name: 'from',
			type: 'dateTime',
			required: true,
			default: '',
			description: 'First day to include, such as 2026-01-31',
			displayOptions: custom,
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'dateTime',
			default: '',
			description: 'Last day to include, such as 2026-01-31. Leave empty for today.',
			displayOptions: custom,
		},
	];
}

export function isSinceLastRun(this: IExecuteFunctions, itemIndex: number): boolean {
	return this.getNodeParameter('period', itemIndex) === SINCE_LAST_RUN;
}

/**
 * The days that the fields ask for.
 *
 * @throws NodeOperationError for a custom range that is none
 */
export function readRange(this: IExecuteFunctions, itemIndex: number): DayRange {
	const period = this.getNodeParameter('period', itemIndex) as string;
	if (period === 'custom') return readCustomRange.call(this, itemIndex);
	if (PRESETS.some(({ value }) => value === period)) {
		return presetRange(period as Preset, today.call(this));
	}
	throw new NodeOperationError(this.getNode(), `'Period' is not one of its choices`, {
		itemIndex,
		description: `It can be ${[...PRESETS, LAST_RUN].map(({ value }) => value).join(', ')}.`,
	});
}

function readCustomRange(this: IExecuteFunctions, itemIndex: number): DayRange {
	const from = dayFrom.call(this, this.getNodeParameter('from', itemIndex), 'From', itemIndex);
	const last = this.getNodeParameter('to', itemIndex, '');
	const to = isEmpty(last) ? today.call(this) : dayFrom.call(this, last, 'To', itemIndex);
	if (from > to) {
		throw new NodeOperationError(this.getNode(), "'From' is after 'To'", {
			itemIndex,
			description: `The range would begin on ${from} and end on ${to}.${isEmpty(last) ? " An empty 'To' is today." : ''}`,
		});
	}
	if (from < FIRST_DAY) {
		throw new NodeOperationError(this.getNode(), `'From' is before ${FIRST_DAY}`, {
			itemIndex,
			description: `It is now ${from}. For everything there is, choose 'All Time'.`,
		});
	}
	return { from, to };
}
