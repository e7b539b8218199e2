import type { Operation } from '../n8n';
import * as account from './account';
import * as athlete from './athlete';
import * as records from './records';
import * as user from './user';

/** The operations of each resource. */
export const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
	...records.operations,
	account: account.operations,
	athlete: athlete.operations,
	user: user.operations,
};

/** Their fields, which n8n keeps in one list. */
export const FIELDS = [...records.fields, ...athlete.fields, ...user.fields, ...account.fields];
