import type { FaultBook } from './faults';
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

/** As much of Terra's Activity as the sandbox must understand; tests may add any other field. */
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

/** What an Admin API token may do. */
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
 * `2026.09`: a destination's URL is fixed, its secret shown once. `2026.10`: `config`, secrets to read,
 * test events. `2026.11`: the log of events with their deliveries, and new secrets.
 */
export type AdminVersion = '2026.09' | '2026.10' | '2026.11';

/** A user the sandbox begins with. */
export interface SandboxUserSeed {
	user_id?: string;
	/** Default `XERT`. */
	provider?: string;
	reference_id?: string | null;
	/** Days of history before today; default 120. */
	historyDays?: number;
	/** Default 5; 7 is a ride every day, 0 none. */
	ridesPerWeek?: number;
	/** Riding time of every ride; default: 25 to 90 minutes, different each day. */
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
	/** Gaps between delivery attempts are divided by this. Default 1: 30 s, 60 s, 120 s… */
	timeScale?: number;
	/** How long a destination may take to answer, in real milliseconds. Default 8,000. */
	ackTimeoutMs?: number;
	/** Deliveries under way at once to one destination. Default 10. */
	deliveryConcurrency?: number;
	/** Clock in unix milliseconds. */
	now?: () => number;
	/** Added to every API answer. */
	latencyMs?: number;
	users?: SandboxUserSeed[];
	log?: (line: string) => void;
}

/** What may change while the sandbox runs; each is a point that Terra leaves open or lets a customer switch. */
export interface SandboxSettings {
	/** `ping` posts `s3_payload` with a link in place of the data, unless a destination's `config` says. */
	deliveryMode: 'push' | 'ping';
	/** Where ping links point, if not here: an https server in front of this one. */
	pingBaseUrl: string | null;
	/** Seconds a ping link works. */
	pingExpiresIn: number;
	/** Whether `t` of the signature is made anew on each retry and resend (unknown of the real Terra). */
	renewSignatureTime: boolean;
	/** Shape of `/userInfo?reference_id=`. */
	userInfoByReference: 'array' | 'users' | 'user';
	/** What `to_webhook=false` gets for more than a month (unknown of the real Terra). */
	longInlineRequest: 'receipt' | 'inline';
	/** `generateWidgetSession` answers 410 and names its successor. */
	widgetSessionGone: boolean;
	/** Data types switched off in the dashboard: 400. */
	disabledDataTypes: DataType[];
	/** Data types whose samples are switched off in the dashboard: their arrays are empty. */
	disabledSamples: DataType[];
	/** The environment's output format. Deliveries stay JSON: what the others look like is unknown. */
	processing: 'json' | 'fit' | 'fhir';
	/** Status of a second webhook destination made over the Admin API; null allows any number. */
	secondDestinationStatus: 409 | 403 | null;
	/**
	 * Which generation of the data API answers. `2026.10`: pages of users at the top of the answer, a widget session
	 * below `/widget`, as 201 and for a day.
	 */
	dataVersion: '2026.07' | '2026.10';
	/** What an event is called: `activity`, or `unified_api.activity.updated`. */
	eventNames: 'plain' | 'dotted';
	/** Which generation of Terra's Admin API answers. */
	adminVersion: AdminVersion;
	/**
	 * Milliseconds before a call of the Admin API does anything, whether or not somebody still waits for
	 * the answer: for all, or by parts of the path, of which the longest that fits counts.
	 */
	adminDelayMs: number | Record<string, number>;
	/** Days a user may request in a rolling hour (rule r2), and in one request (rule r1). */
	daysPerHour: number;
	daysPerRequest: number;
}

/** One request as the sandbox saw it. */
export interface ApiRequest {
	method: string;
	/** With the base, without the query: `/api/v2/activity`. */
	path: string;
	query: Record<string, string>;
	/** The API key and any bearer token are replaced by `(redacted)`. */
	headers: Record<string, string>;
	/** Unix milliseconds. */
	at: number;
	/** Missing while the request is open, and where the connection was cut. */
	status?: number;
}

export interface FinishRideOptions {
	/** Default: the first user. */
	userId?: string;
	/** Default: so that the ride ends now. */
	startTime?: Date;
	/** Riding time; default 3,600. */
	durationSeconds?: number;
	/** Default false. */
	indoor?: boolean;
	/** Whether the webhook carries the samples; the history has them either way. Default false. */
	withSamples?: boolean;
	/** Default true; false only adds the ride to the history. */
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
	/** Live list; the first rides with Xert and is `rider-1`. */
	users: TerraUser[];
	settings: SandboxSettings;
	/** The destination made by hand in the dashboard, signed with `signingSecret`; null removes it. */
	setDestination(url: string | null): void;
	/** Adds a ride to the athlete's history and delivers its webhook; resolves after the first attempt. */
	finishRide(options?: FinishRideOptions): Promise<{ activity: Ride; delivery?: Delivery }>;
	/**
	 * A later version of a ride: same summary ID, new trace ID and ordering timestamp. `change` is laid
	 * over the ride, object by object; without it the ride gets a new name.
	 */
	updateActivity(
		userId: string,
		summaryId: string,
		change?: object,
		options?: { withSamples?: boolean; deliver?: boolean },
	): Promise<{ activity: Activity; delivery?: Delivery }>;
	/** Posts any event; resolves after the first attempt, whatever its result. */
	send(event: object, options?: SendOptions): Promise<Delivery>;
	/** The same bytes and trace ID once more, to the destination as it is now. */
	resend(traceId: string): Promise<Delivery>;
	ledger: Delivery[];
	/** Resolves when no delivery is pending. */
	settled(): Promise<void>;
	requests: ApiRequest[];
	faults: FaultBook;
	addUser(seed?: SandboxUserSeed): TerraUser;
	/** A further Admin API token, or other limits for a known one; by default every scope and no end. */
	addAdminToken(token: string, limits?: Partial<AdminToken>): void;
	removeAdminToken(token: string): void;
	profileOf(userId: string): AthleteProfile;
	addActivities(userId: string, activities: Activity[]): void;
	/** The whole history in time order, without samples. */
	activitiesOf(userId: string): Activity[];
	close(): Promise<void>;
}
