import type { Services } from '../n8n';
import { SEARCHED_DAYS } from '../terra/periods';

/** Says so where there are fewer than were asked for as the newest ones. */
export function hintIfFewer(
	latest: number | undefined,
	found: number,
	{ hint }: Pick<Services, 'hint'>,
): void {
	if (latest === undefined || found === 0 || found >= latest) return;
	hint(
		`Only ${found} of the latest ${latest} found: 'Latest' looks back ${SEARCHED_DAYS} days. For older ones choose another 'Period'.`,
	);
}
