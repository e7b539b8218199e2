export { forAthletes, unnamedHint } from './athletes';
export { createLimit, createLock, mapOrdered } from './concurrency';
export { Coverage } from './coverage';
export type { HistoryEvent, HistoryQuery } from './history';
export { createHistoryRun, type HistoryRun } from './run';
export { Timeline } from './timeline';
