import type { N8n, N8nOptions } from './process';
import { startN8n } from './process';

const pauseBetweenAttemptsMs = 1000;

/** An n8n process that is restarted whenever it ends, like Docker's `restart: always`. */
export class Member {
	/** How often it was restarted. */
	restarts = 0;

	private closing = false;

	private constructor(
		private readonly options: N8nOptions,
		private n8n: N8n,
	) {
		this.watching = this.restartOnExit();
	}

	private readonly watching: Promise<void>;

	/** Starts the process and resolves once it answers. Restarts use the same port. */
	static async start(options: N8nOptions): Promise<Member> {
		const n8n = await startN8n(options);
		const port = Number(new URL(n8n.url).port);
		return new Member({ ...options, port, tarball: undefined }, n8n);
	}

	get url(): string {
		return this.n8n.url;
	}

	/** The PID of the current process. */
	get pid(): number {
		return this.n8n.pid;
	}

	logs(lastLines?: number): string {
		return this.n8n.logs(lastLines);
	}

	/** Kills the process; it is restarted. */
	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	async isReady(): Promise<boolean> {
		const response = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
		return response?.ok ?? false;
	}

	async stop(): Promise<void> {
		this.closing = true;
		await this.n8n.stop();
		await this.watching;
	}

	private async restartOnExit(): Promise<void> {
		for (;;) {
			await this.n8n.ended;
			if (this.closing) return;
			this.restarts++;
			try {
				this.n8n = await startN8n(this.options);
			} catch {
				// It may fail to start, for example without its database. Docker retries too.
				await new Promise((resolve) => setTimeout(resolve, pauseBetweenAttemptsMs));
			}
			if (this.closing) await this.n8n.stop();
		}
	}
}
