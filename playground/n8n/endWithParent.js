/**
 * Loaded into n8n before n8n itself: ends it, with its helper processes, when whoever started it is gone, even
 * if that was killed. The starter holds the other end of stdin, which the system closes with the starter.
 */
process.stdin.on('close', () =>
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL'),
);
process.stdin.resume().unref();
