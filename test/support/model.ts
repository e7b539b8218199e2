import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Step = { tool: string; input: object } | { say: string };

interface OfferedTool {
	name: string;
	description: string;
	/** JSON schema. */
	parameters: { properties: Record<string, object> };
}

interface Message {
	role: string;
	content: string;
}

/** A chat model with OpenAI's API that follows a given plan. */
export async function startModel() {
	let steps: Step[] = [];
	let messages: Message[] = [];
	let tools: Array<{ function: OfferedTool }> = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		({ messages, tools = [] } = JSON.parse(Buffer.concat(chunks).toString()) as {
			messages: Message[];
			tools?: typeof tools;
		});
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify(completion(steps.shift() ?? { say: 'I have nothing to say.' })));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		plan: (next: Step[]) => {
			steps = next;
		},
		/** The tools that the model was last offered. */
		tools: () => tools.map((tool) => tool.function),
		/** The results of the tools, oldest first. */
		toolAnswers: () => messages.filter(({ role }) => role === 'tool').map(({ content }) => content),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

let calls = 0;

function completion(step: Step) {
	const message =
		'say' in step
			? { role: 'assistant', content: step.say }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: `call_${++calls}`,
							type: 'function',
							function: { name: step.tool, arguments: JSON.stringify(step.input) },
						},
					],
				};
	return {
		id: 'chat-1',
		object: 'chat.completion',
		created: 0,
		model: 'example',
		choices: [{ index: 0, message, finish_reason: 'say' in step ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
