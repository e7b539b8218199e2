export { adminOf, AdminError, type Admin, type Destination } from './admin';
export { adminCredentialProblem, CREATE_TOKEN, tokenProblem } from './adminCheck';
export { expecting, type FinalAnswer } from './answer';
export { createClient, type Client, type ClientEvents, type TerraRequest } from './client';
export { clock, within } from './clock';
export { credentialProblem } from './credentialCheck';
export type { Connection, HttpRequest, HttpResponse, TerraCredential } from './exchange';
export { linkToProvider, linkToWidget, type LinkSettings } from './links';
export { enabledProviders, knownProviders, providerName } from './providers';
export { receiptReader, recordsReader, type Records } from './records';
export type { RateBudget, Retry } from './retry';
export { TerraError } from './terraError';
export { canonicalUrl } from './url';
export {
	athletesFor,
	explainDeparted,
	mergeUser,
	userCompleter,
	userIn,
	usersByReference,
	usersOf,
	usersOnPage,
	type AthleteQuery,
	type CompleteUser,
	type User,
} from './users';
