import { sampleEvents } from '../../sandbox/events';
import { ACTIVITY_FIELDS, unknownFields } from './fields';

const events = sampleEvents();
it('include every type, and every other spelling of one', () => {
	expect(Object.values(events).map(({ type }) => type)).toEqual(
		expect.arrayContaining([
			...['activity', 'athlete', 'body', 'daily', 'menstruation', 'nutrition', 'sleep', 'hormone'],
			...[
				'health_observation',
				'planned_workout',
				'route',
				'auth',
				'auth_success',
				'auth_cancelled',
			],
			...['deauth', 'user_reauth', 'access_revoked', 'connection_error', 'permission_change'],
			...['large_request_processing', 'large_request_sending', 'large-request-sending'],
			...['s3_payload', 's3_upload', 'lab_report.completed', 'lab_report.failed'],
			...['healthcheck', 'processing', 'rate_limit_hit', 'google_no_datasource', 'something_new'],
		]),
	);
});

it('have a user exactly where Terra sends one', () => {
	const without = Object.entries(events).flatMap(([name, event]) =>
		'user' in event ? [] : [name],
	);
	expect(without.sort()).toEqual([
		'auth_cancelled',
		'auth_failed',
		'healthcheck',
		'lab_report.completed',
		'lab_report.failed',
		's3_payload',
		's3_upload',
		'user_reauth',
		'user_reauth_without_old',
	]);
});

it('have no data for an athlete, and an old user that may be missing', () => {
	expect(events.athlete).not.toHaveProperty('data');
	expect(events.athlete.athlete).toMatchObject({ first_name: expect.any(String) });
	expect(events.user_reauth.old_user).toMatchObject({ user_id: expect.any(String) });
	expect(events.user_reauth_without_old.old_user).toBeNull();
});

it('have only Terra’s fields in an activity', () => {
	const [activity] = events.activity.data;
	expect(unknownFields(activity, ACTIVITY_FIELDS)).toEqual([]);
});

it('are the same each time', () => {
	expect(sampleEvents()).toEqual(events);
});
