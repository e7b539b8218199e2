import { terraTime } from './dates';
import { makeRide } from './rides/activity';
import { planRide } from './rides/plan';
import { profileFor } from './rides/profile';
import { body } from './records/body';
import { daily } from './records/daily';
import { dayOf } from './records/day';
import { menstruation } from './records/menstruation';
import { nutrition } from './records/nutrition';
import { sleep } from './records/sleep';
import type { TerraUser } from './types';
import { DATA_TYPES } from './types';

/** The version in every data event so far. */
export const VERSION = '2022-03-16';

/** Event types that a destination can be registered for; `lab_report` covers both of its events. */
export const REGISTRABLE_TYPES: ReadonlySet<string> = new Set([
	'activity',
	'athlete',
	'body',
	'daily',
	'menstruation',
	'nutrition',
	'sleep',
	'hormone',
	'health_observation',
	'planned_workout',
	'route',
	'lab_report',
	'auth',
	'auth_cancelled',
	'deauth',
	'user_reauth',
	'access_revoked',
	'connection_error',
	'permission_change',
	'large_request_processing',
	'large_request_sending',
]);

/** The newer name of an event type; the newer log always uses it. */
export function dottedType(type: string): string {
	if (type.includes('.')) return type;
	const isData = (DATA_TYPES as readonly string[]).includes(type);
	return `unified_api.${type}${isData ? '.updated' : ''}`;
}

export function withDottedType(event: object): object {
	const { type } = event as { type?: unknown };
	return typeof type === 'string' ? { ...event, type: dottedType(type) } : event;
}

type DataEventType =
	| 'activity'
	| 'body'
	| 'daily'
	| 'menstruation'
	| 'nutrition'
	| 'sleep'
	| 'hormone'
	| 'health_observation'
	| 'planned_workout'
	| 'route';

export function dataEvent(type: DataEventType, user: TerraUser, data: object[]) {
	return { type, user, data, version: VERSION };
}

export function athleteEvent(user: TerraUser, athlete: object) {
	return { type: 'athlete', user, athlete, version: VERSION };
}

export function authEvent(user: TerraUser, widgetSessionId: string | null = null) {
	return {
		type: 'auth',
		status: 'success',
		user,
		reference_id: user.reference_id,
		message: 'The user connected an account',
		widget_session_id: widgetSessionId,
		version: VERSION,
	};
}

/** Somebody started to connect and did not finish, so there is no user. */
export function authCancelledEvent(referenceId: string | null, reason: string) {
	return { type: 'auth_cancelled', status: 'error', reason, reference_id: referenceId };
}

/** The older form of `auth_cancelled`. */
function authFailedEvent(referenceId: string | null, reason: string) {
	return { type: 'auth', status: 'error', reason, message: reason, reference_id: referenceId };
}

export function deauthEvent(user: TerraUser) {
	return {
		type: 'deauth',
		status: 'success',
		user: { ...user, active: false },
		message: 'The user was disconnected on request',
	};
}

/** The same person under a new ID; there is no `user`. */
export function userReauthEvent(newUser: TerraUser, oldUser: TerraUser | null) {
	return {
		type: 'user_reauth',
		status: 'warning',
		new_user: newUser,
		old_user: oldUser,
		message: 'The user connected the same account again and has a new ID',
		version: VERSION,
	};
}

function accessRevokedEvent(user: TerraUser) {
	return {
		type: 'access_revoked',
		status: 'warning',
		user,
		message: 'The user revoked access at the provider',
	};
}

function connectionErrorEvent(user: TerraUser) {
	return {
		type: 'connection_error',
		status: 'warning',
		user,
		message: 'The provider refused the last request',
	};
}

function permissionChangeEvent(user: TerraUser, added: string[], removed: string[]) {
	return {
		type: 'permission_change',
		status: 'warning',
		user,
		message: 'The user changed their permissions',
		version: VERSION,
		scopes_added: added.join(','),
		scopes_removed: removed.join(','),
	};
}

export function largeRequestProcessingEvent(user: TerraUser, reference: string) {
	return {
		type: 'large_request_processing',
		status: 'processing',
		message: 'A large request is being processed',
		user,
		reference,
	};
}

export function largeRequestSendingEvent(user: TerraUser, reference: string, payloads: number) {
	return {
		type: 'large_request_sending',
		message: 'The data of a large request is being sent',
		user,
		reference,
		expected_payloads: payloads,
	};
}

/** In ping mode the event is fetched from `url`. */
export function s3PayloadEvent(url: string, expiresIn: number, payloadReference: string) {
	return {
		type: 's3_payload',
		status: 'success',
		url,
		expires_in: expiresIn,
		payload_reference: payloadReference,
	};
}

function labReportCompletedEvent(referenceId: string, occurredAt: number) {
	return {
		type: 'lab_report.completed',
		event_id: 'evt-lab-1',
		occurred_at: terraTime(occurredAt),
		upload_id: 'upl-1',
		data: {
			session_id: 'ses-1',
			reference_id: referenceId,
			report_date: terraTime(occurredAt).slice(0, 10),
			results_count: 1,
			results: [
				{
					source: { name: 'Ferritin', value: '61', units: 'ng/mL' },
					biomarker: { key: 'ferritin', display_name: 'Ferritin' },
					measurement: { type: 'numeric', numeric: 61, units: 'ng/mL' },
					interpretation: { flag: 'normal', source: 'report' },
				},
			],
		},
	};
}

function labReportFailedEvent(referenceId: string, occurredAt: number) {
	return {
		type: 'lab_report.failed',
		event_id: 'evt-lab-2',
		occurred_at: terraTime(occurredAt),
		upload_id: 'upl-2',
		data: {
			session_id: 'ses-2',
			reference_id: referenceId,
			error: { code: 'extraction_failed', message: 'Nothing could be read', retriable: false },
		},
	};
}

/** Events from older documentation and libraries that a receiver may still get. */
function olderEvents(user: TerraUser, now: number) {
	return {
		healthcheck: {
			type: 'healthcheck',
			status: 'success',
			creation_timestamp: terraTime(now),
			trend_percentage: 3,
			sent_webhooks_last_hour: 12,
			version: VERSION,
		},
		processing: {
			type: 'processing',
			status: 'processing',
			message: 'The provider is still preparing this data',
			user,
			retry_after_seconds: 60,
		},
		rate_limit_hit: {
			type: 'rate_limit_hit',
			message: 'The provider rate-limits requests',
			user,
			start_date: '2026-01-01',
			end_date: '2026-01-28',
			retrying_at: terraTime(now + 900_000),
		},
		google_no_datasource: {
			type: 'google_no_datasource',
			status: 'warning',
			message: 'The account has no data source',
			user,
		},
	};
}

const SAMPLE_USER: TerraUser = {
	user_id: '4be0d4a1-6f1c-4c5e-8f35-0f5d7a3c2b11',
	provider: 'XERT',
	reference_id: 'rider-1',
	active: true,
	scopes: null,
	created_at: terraTime(Date.UTC(2026, 8, 1, 9)),
	last_webhook_update: null,
};

/**
 * One valid body for every type that Terra sends, and for every spelling of a type in its documentation, libraries
 * and dashboards. Keys name the case. The same user and time give the same events.
 */
export function sampleEvents(user: TerraUser = SAMPLE_USER, now = Date.UTC(2026, 10, 21, 12)) {
	const profile = profileFor(1, 0);
	const { user_id: userId, provider } = user;
	const day = dayOf(userId, profile, Math.floor(now / 86_400_000) - 1, false);
	const ride = planRide({
		seed: 1,
		userId,
		provider,
		key: 'sample',
		startMs: now - 4_000_000,
		durationSeconds: 3600,
	});
	const reference = '1d6c3f0e-2b0a-4a53-9d5b-7a1f9b0e4c77';
	const sending = largeRequestSendingEvent(user, reference, 3);
	const ping = s3PayloadEvent('https://terra-payload.s3.eu-west-2.amazonaws.com/p', 300, reference);
	return {
		activity: dataEvent('activity', user, [makeRide(ride, profile, false)]),
		activity_empty: dataEvent('activity', user, []),
		athlete: athleteEvent(user, { first_name: 'Mireia', last_name: 'Soler', city: 'Girona' }),
		body: dataEvent('body', user, [body(day)]),
		daily: dataEvent('daily', user, [daily(day)]),
		menstruation: dataEvent('menstruation', user, [menstruation(day)]),
		nutrition: dataEvent('nutrition', user, [nutrition(day)]),
		sleep: dataEvent('sleep', user, [sleep(day)]),
		hormone: dataEvent('hormone', user, [
			{ timestamp: terraTime(now), lh_mIU_per_ml: 6.2, pdg_ug_per_ml: 3.1 },
		]),
		health_observation: dataEvent('health_observation', user, [observation(now)]),
		planned_workout: dataEvent('planned_workout', user, [plannedWorkout(now)]),
		route: dataEvent('route', user, [{ id: 'route-1', name: 'Coast road' }]),
		auth: authEvent(user),
		auth_success: { ...authEvent(user), type: 'auth_success' },
		auth_failed: authFailedEvent(user.reference_id, 'access_denied'),
		auth_cancelled: authCancelledEvent(user.reference_id, 'access_denied'),
		deauth: deauthEvent(user),
		user_reauth: userReauthEvent(
			{ ...user, user_id: '90a53b52-6f0d-4f6a-8f3b-6f5b1f6d8e20' },
			user,
		),
		user_reauth_without_old: userReauthEvent(user, null),
		access_revoked: accessRevokedEvent(user),
		connection_error: connectionErrorEvent(user),
		permission_change: permissionChangeEvent(user, ['activity'], ['sleep', 'daily']),
		large_request_processing: largeRequestProcessingEvent(user, reference),
		large_request_sending: sending,
		'large-request-sending': { ...sending, type: 'large-request-sending' },
		s3_payload: ping,
		s3_upload: { ...ping, type: 's3_upload' },
		'lab_report.completed': labReportCompletedEvent('rider-1', now),
		'lab_report.failed': labReportFailedEvent('rider-1', now),
		...olderEvents(user, now),
		unknown: { type: 'something_new', user, data: [{ id: 'x-1' }], version: VERSION },
	};
}

function observation(now: number) {
	return {
		metadata: {
			summary_id: 'observation-1',
			start_time: terraTime(now - 3_600_000),
			end_time: terraTime(now),
			timestamp_localization: 0,
		},
		observation_data: {
			category: 1,
			observation_type: 'headache',
			value: { value_type: 0, quantity: 2, unit: 'score' },
			status: 1,
			notes: null,
		},
	};
}

function plannedWorkout(now: number) {
	return {
		planned_workout_id: 'planned-1',
		planned_date: terraTime(now + 86_400_000).slice(0, 10),
		is_external: true,
		created_at: terraTime(now),
		last_updated_at: terraTime(now),
		details: {
			metadata: { id: 'planned-1', name: 'Sweet spot 3 × 12', estimated_duration_seconds: 4500 },
			steps: [],
		},
	};
}
