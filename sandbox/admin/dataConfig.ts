import { DATA_TYPES } from '../types';
import type { World } from '../world';
import type { Answer, Call, Endpoint } from './endpoint';
import { dryRunAnswer, ENVIRONMENT } from './endpoint';
import { bodyOf } from './fields';
import { wholeList } from './listPage';
import { invalid } from './problem';

const FORMATS = [
	{ type: 'fhir', display_name: 'FHIR' },
	{ type: 'fit', display_name: 'FIT' },
	{ type: 'json', display_name: 'TERRA' },
] as const;

const PROCESSING = `${ENVIRONMENT}/unified-api/processing`;
const since = '2026.10';

/** The environment's output format and its enabled data types. */
export const dataConfigEndpoints: Endpoint[] = [
	{ since, method: 'GET', path: PROCESSING, scopes: ['dataconfig:read'], run: listFormats },
	{ since, method: 'PATCH', path: PROCESSING, scopes: ['dataconfig:write'], run: setFormat },
	{
		since,
		method: 'GET',
		path: `${ENVIRONMENT}/unified-api/scopes`,
		scopes: ['dataconfig:read'],
		run: listDataTypes,
	},
];

function listFormats({ world }: Call): Answer {
	return { status: 200, body: formats(world.settings.processing) };
}

function setFormat({ world, body, dryRun }: Call): Answer {
	const { type } = bodyOf(body);
	const chosen = FORMATS.find((format) => format.type === type)?.type;
	if (chosen === undefined) throw invalid('type', 'must be json, fit or fhir');
	if (dryRun) return dryRunAnswer('update', formats(chosen));
	world.settings.processing = chosen;
	return { status: 200, body: formats(chosen) };
}

function formats(selected: World['settings']['processing']) {
	return wholeList(FORMATS.map((format) => ({ ...format, selected: format.type === selected })));
}

/** Lists enabled data types only. */
function listDataTypes({ world }: Call): Answer {
	const enabled = DATA_TYPES.filter((type) => !world.settings.disabledDataTypes.includes(type));
	const rows = enabled.map((type) => ({
		data_type: type,
		fields: ['metadata', `${type}_data`],
		samples_enabled: world.hasSamples(type),
	}));
	return { status: 200, body: wholeList(rows) };
}
