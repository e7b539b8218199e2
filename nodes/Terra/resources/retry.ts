import type { Retry } from '../transport';

/** For operations of one or two requests, which should answer soon. */
export const SHORT_RETRY: Retry = { longestWaitMs: 60_000 };
