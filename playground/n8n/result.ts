import { parse } from 'flatted';
import type { INodeExecutionData } from 'n8n-workflow';

interface ExecutionResult {
	error?: { message: string };
	runData?: Record<string, Array<{ data?: { main: INodeExecutionData[][] } }>>;
}

/** Parses an execution's stored data. A newly queued execution has no result yet. */
export function resultOf(data: string) {
	const stored = parse(data) as { resultData?: ExecutionResult } | undefined;
	const { error, runData = {} } = stored?.resultData ?? {};
	return {
		error: error?.message,
		/** The items of a node's first output, by default of the first node; empty if it did not run. */
		itemsOf: (node = Object.keys(runData)[0] ?? ''): INodeExecutionData[] =>
			runData[node]?.[0]?.data?.main[0] ?? [],
	};
}
