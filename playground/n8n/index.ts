export { installCheckers, installN8n } from './install';
export { packNodes } from './package';
export { withProgress } from './progress';
export { startN8n } from './process';
export type { N8n, N8nOptions } from './process';
export { N8nClient, owner, PublicationFailed } from './client';
export type {
	Credential,
	DataTable,
	DataTableColumn,
	Execution,
	Workflow,
	WorkflowDefinition,
} from './client';
export { freePort, host, needPort } from './ports';
export { Locked } from './lock';
export { waitFor } from './wait';
export { projectFolder, runtimeFolder } from './paths';
export { currentVersion, isN8nVersion } from './versions';
export type { N8nVersion } from './versions';
