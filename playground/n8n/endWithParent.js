/**
 * Loaded into n8n with --require: kills n8n and its helper processes when the parent process ends, even if the parent
 * was killed. The parent holds the other end of stdin, which the system then closes.
 */
process.stdin.on('close', () =>
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL'),
);
process.stdin.resume().unref();
