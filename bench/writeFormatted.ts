import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** Writes a file as the project's formatter would have it, so that new results are no change of style. */
export async function writeFormatted(file: string, text: string): Promise<void> {
	const config = await resolveConfig(file);
	await writeFile(file, await format(text, { ...config, filepath: file }));
}
