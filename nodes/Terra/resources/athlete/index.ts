import { resourceFields } from '../resource';
import { get } from './get';

export const operations = [get];

export const fields = resourceFields('athlete', operations, 'get');
