import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares a text with the reviewed file of that name. `UPDATE_GOLDEN=1` rewrites the files; look at the difference
 * before committing it.
 */
export function expectGolden(name: string, actual: string): void {
	const file = join(__dirname, 'golden', name);
	if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, actual);
	expect(existsSync(file)).toBe(true);
	expect(actual).toBe(readFileSync(file, 'utf8'));
}
