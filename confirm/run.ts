import type { Finding, Need, Question } from './question';
import { adminQuestions } from './questions/admin';
import { rideQuestions } from './questions/rides';
import { userQuestions } from './questions/users';
import { widgetQuestions } from './questions/widget';
import type { Terra } from './terra';

export const QUESTIONS: readonly Question[] = [
	...userQuestions,
	...rideQuestions,
	...widgetQuestions,
	...adminQuestions,
];

export const NEEDED: Record<Need, string> = {
	admin: 'an Admin API token',
	athlete: 'an athlete',
	dataToken: 'a data token (TERRA_DATA_TOKEN)',
};

/** A finding about the point of this name. */
export interface Answer extends Finding {
	point: string;
}

/**
 * Asks the questions one after another; skips those that need something that was not given.
 *
 * @param print receives a line before each question that says what it will do
 */
export async function askAll(terra: Terra, print: (line: string) => void): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (const { point, does, needs, ask } of QUESTIONS) {
		if (needs && !terra.access[needs === 'admin' ? 'adminToken' : needs]) continue;
		print(`${point}: ${does} …`);
		answers.push({ point, ...(await ask(terra).catch(notUnderstood)) });
	}
	return answers;
}

function notUnderstood(error: unknown): Finding {
	return {
		seen: 'an answer that this tool does not understand',
		means: `Still open. Please report this: ${error instanceof Error ? error.name : 'unknown error'}.`,
	};
}
