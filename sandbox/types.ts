import type { FaultList } from './faults';
import type { Ride } from './rides/activity';
import type { AthleteProfile } from './rides/profile';
import type { Delivery, SendOptions } from './webhooks/types';

export interface TerraUser {
	user_id: string;
	provider: string;
	reference_id: string | null;
	active: boolean;
	scopes: string | null;
	created_at: string;
	last_webhook_update: string | null;
}

/** The part of Terra's Activity that the sandbox reads; tests may add any other field. */
export interface Activity {
	metadata: {
		summary_id: string;
		start_time: string;
		end_time: string;
		type: number;
		[key: string]: unknown;
	};
	[key: string]: unknown;
}

export const DATA_TYPES = [
	'activity',
	'body',
	'daily',
	'menstruation',
	'nutrition',
	'sleep',
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** The scopes of an Admin API token. */
export const ADMIN_SCOPES = [
	'account:read',
	'keys:read',
	'keys:write',
	'providers:read',
	'providers:write',
	'destinations:read',
	'destinations:write',
	'events:read',
	'events:write',
	'connections:read',
	'payloads:read',
	'dataconfig:read',
	'dataconfig:write',
	'testdata:write',
	'tokens:read',
	'tokens:write',
] as const;
export type AdminScope = (typeof ADMIN_SCOPES)[number];

export interface AdminToken {
	name: string;
	scopes: readonly AdminScope[];
	/** Null: every environment of the account. */
	devIds: readonly string[] | null;
	/** Unix milliseconds. */
	createdAt: number;
	expiresAt: number;
	lastUsedAt: number | null;
}

/**
 * `2026.09`: a destination's URL cannot change, and its secret is shown once. `2026.10`: `config`, readable secrets,
 * test events. `2026.11`: the event log with nested deliveries, and rotation of secrets.
 */
export type AdminVersion = '2026.09' | '2026.10' | '2026.11';

/** A user to create. */
export interface SandboxUserSeed {
	user_id?: string;
	/** Default `XERT`. */
	provider?: string;
	reference_id?: string | null;
	/** Days of history before today; default 120. */
	historyDays?: number;
	/** Default 5; 7 means a ride every day, 0 none. */
	ridesPerWeek?: number;
	/** Riding time of every ride, in seconds; default: 25 to 90 minutes, different each day. */
	rideSeconds?: number;
}

export interface SandboxOptions {
	/** Default 0: any free port. */
	port?: number;
	host?: '127.0.0.1';
	devId?: string;
	apiKey?: string;
	signingSecret?: string;
	adminToken?: string;
	/** The same seed gives the same users and rides. Default 1. */
	seed?: number;
	/** Divides the delays between delivery attempts. Default 1: 30 s, 60 s, 120 s … */
	timeScale?: number;
	/** Timeout for a destination's answer, in milliseconds; `timeScale` does not apply. Default 8,000. */
	ackTimeoutMs?: number;
	/** Concurrent deliveries to one URL. Default 10. */
	deliveryConcurrency?: number;
	/** The clock, in unix milliseconds. */
	now?: () => number;
	/** Milliseconds added to every API answer. */
	latencyMs?: number;
	users?: SandboxUserSeed[];
	log?: (line: string) => void;
}

/** Settings that can change while the sandbox runs: what Terra leaves open, or lets a customer configure. */
export interface SandboxSettings {
	/** `ping` posts an `s3_payload` event with a link instead of the data. A destination's `config` overrides it. */
	deliveryMode: 'push' | 'ping';
	/** Base URL of ping links, such as an HTTPS proxy in front of the sandbox; null: the sandbox itself. */
	pingBaseUrl: string | null;
	/** Seconds until a ping link expires. */
	pingExpiresIn: number;
	/** Whether each retry and resend gets a new `t` in its signature (unknown for the real Terra). */
	renewSignatureTime: boolean;
	/** Shape of the answer to `/userInfo?reference_id=`. */
	userInfoByReference: 'array' | 'users' | 'user';
	/** How `to_webhook=false` is answered for more than a month (unknown for the real Terra). */
	longInlineRequest: 'receipt' | 'inline';
	/** Whether `generateWidgetSession` answers 410 and names its successor. */
	widgetSessionGone: boolean;
	/** Data types disabled in the dashboard; requests for them get a 400. */
	disabledDataTypes: DataType[];
	/** Data types whose samples are disabled in the dashboard; their sample arrays are empty. */
	disabledSamples: DataType[];
	/** The environment's output format. Deliveries stay JSON, because the other formats are unknown. */
	processing: 'json' | 'fit' | 'fhir';
	/** Status that answers the creation of a second webhook destination; null allows any number. */
	secondDestinationStatus: 409 | 403 | null;
	/**
	 * The version of the data API. `2026.10`: pages of users are at the top level of the answer; a widget session is
	 * created under `/widget`, answers 201 and lasts a day.
	 */
	dataVersion: '2026.07' | '2026.10';
	/** How event types are named: `activity`, or `unified_api.activity.updated`. */
	eventNames: 'plain' | 'dotted';
	/** The version of the Admin API. */
	adminVersion: AdminVersion;
	/**
	 * Milliseconds before an Admin API call takes effect, even if the client has disconnected by then. Either one number
	 * for all calls, or a number per substring of the path; the longest matching substring decides.
	 */
	adminDelayMs: number | Record<string, number>;
	/** Days that may be requested per user in a rolling hour (rule r2), and in one request (rule r1). */
	daysPerHour: number;
	daysPerRequest: number;
}

/** A request that the sandbox received. */
export interface ApiRequest {
	method: string;
	/** Includes the base but not the query: `/api/v2/activity`. */
	path: string;
	query: Record<string, string>;
	/** The API key, bearer token and cookies are replaced with `(redacted)`. */
	headers: Record<string, string>;
	/** Unix milliseconds. */
	at: number;
	/** Missing while the request is open, or if the connection was dropped. */
	status?: number;
}

export interface FinishRideOptions {
	/** Default: the first user. */
	userId?: string;
	/** By default, the ride ends now. */
	startTime?: Date;
	/** Riding time without stops; default 3,600. */
	durationSeconds?: number;
	/** Default false. */
	indoor?: boolean;
	/** Whether the webhook includes the samples; the history has them either way. Default false. */
	withSamples?: boolean;
	/** Whether to send a webhook. Default true; false only adds the ride to the history. */
	deliver?: boolean;
}

export interface Sandbox {
	/** The web page. */
	url: string;
	apiBase: string;
	adminBase: string;
	devId: string;
	apiKey: string;
	signingSecret: string;
	adminToken: string;
	/** The live list; by default the first user is `rider-1`, connected to Xert. */
	users: TerraUser[];
	settings: SandboxSettings;
	/** Sets the URL of the dashboard's destination, whose deliveries `signingSecret` signs; null removes it. */
	setDestination(url: string | null): void;
	/** Adds a ride to a user's history and delivers it by webhook; resolves after the first attempt. */
	finishRide(options?: FinishRideOptions): Promise<{ activity: Ride; delivery?: Delivery }>;
	/**
	 * Delivers a new version of a ride: same summary ID, new trace ID and ordering timestamp. `change` is deep-merged
	 * into the ride; without it, the ride is renamed.
	 */
	updateActivity(
		userId: string,
		summaryId: string,
		change?: object,
		options?: { withSamples?: boolean; deliver?: boolean },
	): Promise<{ activity: Activity; delivery?: Delivery }>;
	/** Posts any event; resolves after the first attempt, whether or not it succeeds. */
	send(event: object, options?: SendOptions): Promise<Delivery>;
	/** Sends the same bytes with the same trace ID again, to the destination's current URL. */
	resend(traceId: string): Promise<Delivery>;
	/** Every delivery so far, oldest first; a resend adds an entry. */
	ledger: Delivery[];
	/** Resolves when no delivery is pending. */
	settled(): Promise<void>;
	requests: ApiRequest[];
	faults: FaultList;
	addUser(seed?: SandboxUserSeed): TerraUser;
	/** Adds or replaces an Admin API token. By default it has every scope and never expires. */
	addAdminToken(token: string, limits?: Partial<AdminToken>): void;
	removeAdminToken(token: string): void;
	profileOf(userId: string): AthleteProfile;
	addActivities(userId: string, activities: Activity[]): void;
	/** The whole history in chronological order, without samples. */
	activitiesOf(userId: string): Activity[];
	close(): Promise<void>;
}
