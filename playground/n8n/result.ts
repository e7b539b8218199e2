import { parse } from 'flatted';
import type { INodeExecutionData } from 'n8n-workflow';

interface ExecutionResult {
	error?: { message: string };
	runData?: Record<string, Array<{ data?: { main: INodeExecutionData[][] } }>>;
}

/** What came of an execution, from what n8n stores of it: nothing yet when it has just been queued. */
export function resultOf(data: string) {
	const stored = parse(data) as { resultData?: ExecutionResult } | undefined;
	const { error, runData = {} } = stored?.resultData ?? {};
	return {
		error: error?.message,
		/** What a node put out at its first output, or nothing when it did not run; of the first node without a name. */
		itemsOf: (node = Object.keys(runData)[0] ?? ''): INodeExecutionData[] =>
			runData[node]?.[0]?.data?.main[0] ?? [],
	};
}
