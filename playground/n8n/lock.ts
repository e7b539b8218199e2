import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Another running process holds the lock. */
export class Locked extends Error {
	constructor(
		readonly pid: number,
		readonly file: string,
	) {
		super(`Process ${pid} holds ${file}`);
	}
}

export interface Lock {
	/** Makes another process the holder, which may outlive this one. */
	handTo(pid: number): Promise<void>;
	release(): Promise<void>;
}

/**
 * Acquires a lock file, which is released when this process exits at the latest. Takes over the lock of a process that
 * no longer exists.
 *
 * @throws Locked if another running process holds it
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
		// EPERM: the process exists but belongs to another user.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
