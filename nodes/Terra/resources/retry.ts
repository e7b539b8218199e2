import type { Retry } from '../transport';

/** For operations of a request or two: who waits for them expects an answer soon. */
export const SHORT_RETRY: Retry = { longestWaitMs: 60_000 };
