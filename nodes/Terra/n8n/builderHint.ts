import type { IBuilderHint, IParameterBuilderHint, IRelatedNode } from 'n8n-workflow';

/** What n8n's AI should know when it builds a workflow. Versions of n8n differ in the name of the text. */
export function builderHint(text: string, relatedNodes: IRelatedNode[]): IBuilderHint {
	const hint = { message: text, searchHint: text, relatedNodes };
	return hint;
}

/** The same for one choice of a field. */
export function choiceHint(text: string): IParameterBuilderHint {
	const hint = { message: text, propertyHint: text };
	return hint;
}
