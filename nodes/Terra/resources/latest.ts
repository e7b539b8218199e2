import type { Services } from '../n8n';
import { SEARCHED_DAYS } from '../terra/periods';

/** Shows a hint if there are fewer than requested. */
export function hintIfFewer(
	latest: number | undefined,
	found: number,
	{ hint }: Pick<Services, 'hint'>,
): void {
	if (latest === undefined || found === 0 || found >= latest) return;
	hint(
		`Found only ${found} of the latest ${latest}: 'Latest' looks back ${SEARCHED_DAYS} days. For older ones choose another 'Period'.`,
	);
}
