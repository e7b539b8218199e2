import type { TimeWindow } from '../dates';
import { DAY_MS, overlaps } from '../dates';
import { merge, withoutSamples } from '../merge';
import type { Activity } from '../types';
import type { Ride } from './activity';
import { makeRide } from './activity';
import type { RidePlan } from './plan';
import { endOf, rideOfDay } from './plan';
import type { AthleteProfile } from './profile';

export interface Habits {
	provider: string;
	ridesPerWeek: number;
	rideSeconds?: number;
	/** The range of generated days, in days since 1970: the first day, and the day after the last. */
	firstDay: number;
	untilDay: number;
}

/** One athlete's activities. Past rides are generated when their days are requested. */
export class History {
	private readonly finished: RidePlan[] = [];

	private readonly added: Activity[] = [];

	private readonly changes = new Map<string, object>();

	private readonly summaries = new Map<string, Ride>();

	constructor(
		private readonly seed: number,
		private readonly userId: string,
		private readonly profile: AthleteProfile,
		private readonly habits: Habits,
	) {}

	finish(plan: RidePlan): void {
		this.finished.push(plan);
	}

	add(activities: Activity[]): void {
		this.added.push(...activities);
	}

	/** The activities that overlap the window, in chronological order. */
	read(window: TimeWindow, withSamples: boolean): Activity[] {
		const rides = this.plans(window).map((plan) => ({
			at: plan.startMs,
			activity: this.latestVersionOf(this.rideOf(plan, withSamples)),
		}));
		const others = this.added
			.filter((activity) => overlaps(window, startOf(activity), endOfActivity(activity)))
			.map((activity) => {
				const latest = this.latestVersionOf(activity);
				return { at: startOf(activity), activity: withSamples ? latest : withoutSamples(latest) };
			});
		return [...rides, ...others].sort((a, b) => a.at - b.at).map(({ activity }) => activity);
	}

	all(withSamples = false): Activity[] {
		return this.read({ start: -Infinity, end: Infinity }, withSamples);
	}

	find(summaryId: string, withSamples: boolean): Activity | undefined {
		const everything = { start: -Infinity, end: Infinity };
		const plan = this.plans(everything).find((candidate) => candidate.summaryId === summaryId);
		if (plan) return this.latestVersionOf(this.rideOf(plan, withSamples));
		const other = this.added.find((activity) => activity.metadata.summary_id === summaryId);
		if (!other) return undefined;
		return withSamples ? this.latestVersionOf(other) : withoutSamples(this.latestVersionOf(other));
	}

	/** Applies a change to every later read of the activity. Several changes are merged. */
	change(summaryId: string, change: object): void {
		this.changes.set(summaryId, merge(this.changes.get(summaryId) ?? {}, change));
	}

	private plans(window: TimeWindow): RidePlan[] {
		// A ride belongs to the day it starts on, and may end on the next.
		const from = Math.max(this.habits.firstDay, Math.floor(window.start / DAY_MS) - 1);
		const until = Math.min(this.habits.untilDay, Math.ceil(window.end / DAY_MS));
		const plans: RidePlan[] = [];
		for (let day = from; day < until; day++) {
			const plan = rideOfDay(this.seed, this.userId, day, this.habits);
			if (plan) plans.push(plan);
		}
		return [...plans, ...this.finished].filter((plan) =>
			overlaps(window, plan.startMs, endOf(plan)),
		);
	}

	private rideOf(plan: RidePlan, withSamples: boolean): Ride {
		if (withSamples) return makeRide(plan, this.profile, true);
		const summary = this.summaries.get(plan.summaryId) ?? makeRide(plan, this.profile, false);
		this.summaries.set(plan.summaryId, summary);
		return summary;
	}

	private latestVersionOf(activity: Activity | Ride): Activity {
		const change = this.changes.get(activity.metadata.summary_id);
		return change ? merge(activity, change) : activity;
	}
}

const startOf = (activity: Activity): number => Date.parse(activity.metadata.start_time);
const endOfActivity = (activity: Activity): number => Date.parse(activity.metadata.end_time);
