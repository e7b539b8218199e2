import { resourceFields } from '../resource';
import { createLink } from './createLink';
import { disconnect } from './disconnect';
import { get } from './get';
import { getAll } from './getAll';
import { getByReference } from './getByReference';

export const operations = [createLink, disconnect, get, getByReference, getAll];

export const fields = resourceFields('user', operations, 'getAll');
