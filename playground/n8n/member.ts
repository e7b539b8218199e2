import type { N8n, N8nOptions } from './process';
import { startN8n } from './process';

const pauseBetweenAttemptsMs = 1000;

/** One n8n process that is started again whenever it ends, as Docker does with `restart: always`. */
export class Member {
	/** How often it had to be started again. */
	restarts = 0;

	private closing = false;

	private constructor(
		private readonly options: N8nOptions,
		private n8n: N8n,
	) {
		this.watching = this.keepUp();
	}

	private readonly watching: Promise<void>;

	/** Starts the process and resolves once it answers. Later starts use the same port. */
	static async start(options: N8nOptions): Promise<Member> {
		const n8n = await startN8n(options);
		const port = Number(new URL(n8n.url).port);
		return new Member({ ...options, port, tarball: undefined }, n8n);
	}

	get url(): string {
		return this.n8n.url;
	}

	/** Of the process that runs now. */
	get pid(): number {
		return this.n8n.pid;
	}

	logs(lastLines?: number): string {
		return this.n8n.logs(lastLines);
	}

	/** Ends the process as a crash would; it is started again. */
	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	/** Whether it answers now. */
	async isReady(): Promise<boolean> {
		const response = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
		return response?.ok ?? false;
	}

	async stop(): Promise<void> {
		this.closing = true;
		await this.n8n.stop();
		await this.watching;
	}

	private async keepUp(): Promise<void> {
		for (;;) {
			await this.n8n.ended;
			if (this.closing) return;
			this.restarts++;
			try {
				this.n8n = await startN8n(this.options);
			} catch {
				// It could not come up, for want of its database for one: Docker tries again, too.
				await new Promise((resolve) => setTimeout(resolve, pauseBetweenAttemptsMs));
			}
			if (this.closing) await this.n8n.stop();
		}
	}
}
