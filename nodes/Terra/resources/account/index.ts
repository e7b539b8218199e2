import { resourceFields } from '../resource';
import { checkSetup } from './checkSetup';
import { getProviders } from './getProviders';
import { sendTestEvent } from './sendTestEvent';

export const operations = [checkSetup, getProviders, sendTestEvent];

export const fields = resourceFields('account', operations, 'checkSetup');
