/** An answer without an execution. Terra retries whatever is not a 2xx. */
export class Answer {
	constructor(
		readonly status: 200 | 400 | 401 | 503,
		readonly text: string,
	) {}
}
