import { resourceFields } from '../resource';
import { checkSetup } from './checkSetup';
import { getProviders } from './getProviders';

export const operations = { checkSetup, getProviders };

export const fields = resourceFields('account', operations, 'checkSetup');
