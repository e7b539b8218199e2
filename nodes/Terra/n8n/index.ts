export { builderHint, choiceHint } from './builderHint';
export { searchActivities } from './activitySearch';
export { adminFor, connectionOf, environmentSecret, renewEnvironmentSecret } from './connection';
export { testTerraAdminApi, testTerraApi } from './credentialTest';
export { nodeError } from './errors';
export { searchProviders, searchUsers } from './listSearch';
export {
	operation,
	type Operation,
	type Output,
	type ReadContext,
	type Services,
} from './operation';
export { itemParameters, triggerParameters } from './parameters';
export { runOperation } from './run';
export { webhookBaseUrlOf } from './webhookBaseUrl';
