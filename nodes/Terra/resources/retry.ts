import type { Retry } from '../transport';

/** For operations with a request or two: the caller expects an answer soon. */
export const SHORT_RETRY: Retry = { longestWaitMs: 60_000 };
