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

/** What was found out about a point, by name. */
export interface Answer extends Finding {
	point: string;
}

/**
 * Asks one question after the other.
 *
 * @param tell is told before each what it will do
 */
export async function askAll(terra: Terra, tell: (line: string) => void): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (const { point, does, needs, ask } of QUESTIONS) {
		if (needs && !terra.access[needs === 'admin' ? 'adminToken' : needs]) continue;
		tell(`${point}: ${does} …`);
		answers.push({ point, ...(await ask(terra).catch(notUnderstood)) });
	}
	return answers;
}

function notUnderstood(error: unknown): Finding {
	return {
		seen: 'an answer that this tool does not understand',
		means: `Still open. Please tell us: ${error instanceof Error ? error.name : 'no reason'}.`,
	};
}
