import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The lock is held by a process that is still alive. */
export class Locked extends Error {
	constructor(
		readonly pid: number,
		readonly file: string,
	) {
		super(`Process ${pid} holds ${file}`);
	}
}

export interface Lock {
	/** Names another process as the holder, one that may outlive this one. */
	handTo(pid: number): Promise<void>;
	release(): Promise<void>;
}

/**
 * Makes this process the only holder of a lock file, until it releases it or exits.
 * A lock left by a process that no longer exists is taken over. Throws `Locked`.
 */
export async function lock(file: string): Promise<Lock> {
	await mkdir(dirname(file), { recursive: true });
	try {
		await writeFile(file, String(process.pid), { flag: 'wx' });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		const holder = Number(await readFile(file, 'utf8'));
		if (isAlive(holder)) throw new Locked(holder, file);
		await rm(file, { force: true });
		return await lock(file);
	}

	const releaseOnExit = () => rmSync(file, { force: true });
	process.once('exit', releaseOnExit);
	return {
		async handTo(pid) {
			process.off('exit', releaseOnExit);
			await writeFile(file, String(pid));
		},
		async release() {
			process.off('exit', releaseOnExit);
			await rm(file, { force: true });
		},
	};
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// A process of another user is alive, too.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
