import type { Answer } from './admin/endpoint';
import { terraTime } from './dates';
import { FaultList } from './faults';
import { RateLimit } from './rateLimit';
import type { AuthSession } from './routes/auth';
import type {
	AdminToken,
	ApiRequest,
	DataType,
	SandboxOptions,
	SandboxSettings,
	SandboxUserSeed,
	TerraUser,
} from './types';
import { ADMIN_SCOPES } from './types';
import type { Connection } from './users';
import { connect, DEFAULT_USERS } from './users';
import type { CourierHost } from './webhooks/courier';
import { Courier } from './webhooks/courier';
import type { Destination } from './webhooks/destinations';
import { makeDestination } from './webhooks/destinations';
import type { PingPayload } from './webhooks/ping';
import { withDottedType } from './events';
import { pingFor } from './webhooks/ping';

const DEFAULT_OPTIONS = {
	port: 0,
	host: '127.0.0.1',
	devId: 'sandbox-dev',
	apiKey: 'sandbox-api-key',
	signingSecret: 'sandbox-signing-secret',
	adminToken: 'terra_at_sandbox',
	seed: 1,
	timeScale: 1,
	ackTimeoutMs: 8000,
	deliveryConcurrency: 10,
	now: Date.now,
	latencyMs: 0,
	users: DEFAULT_USERS,
	log: () => {},
} satisfies Required<SandboxOptions>;

/** The sandbox's state, shared by routes and actions. */
export class World implements CourierHost {
	readonly options: Required<SandboxOptions>;

	readonly settings: SandboxSettings = {
		deliveryMode: 'push',
		pingBaseUrl: null,
		pingExpiresIn: 300,
		renewSignatureTime: false,
		userInfoByReference: 'array',
		longInlineRequest: 'receipt',
		widgetSessionGone: false,
		disabledDataTypes: [],
		disabledSamples: [],
		processing: 'json',
		secondDestinationStatus: 409,
		dataVersion: '2026.07',
		eventNames: 'plain',
		adminVersion: '2026.11',
		adminDelayMs: 0,
		daysPerHour: 6000,
		daysPerRequest: 1825,
	};

	readonly users: TerraUser[] = [];

	readonly destinations: Destination[] = [];

	readonly requests: ApiRequest[] = [];

	readonly faults = new FaultList();

	readonly rateLimit = new RateLimit();

	readonly pingPayloads = new Map<string, PingPayload>();

	readonly authSessions = new Map<string, AuthSession>();

	readonly adminTokens = new Map<string, AdminToken>();

	readonly idempotent = new Map<string, { identity: string; answer: Answer }>();

	readonly courier: Courier;

	/** Counts finished rides, so that each gets its own ID. */
	finishedRides = 0;

	/** The summary ID of the last ride that each user finished, by user ID. */
	readonly lastRides = new Map<string, string>();

	/** The API answers every request with 503 until then, in unix milliseconds. */
	silentUntil = 0;

	/** The first URL that was set; the page can go back to it. */
	firstDestination: string | null = null;

	/** Set once the server listens. */
	url = '';

	private readonly connections = new Map<string, Connection>();

	private connectedSoFar = 0;

	private lastOrderingTimestamp = 0;

	constructor(options: SandboxOptions) {
		const given = Object.entries(options).filter(([, value]) => value !== undefined);
		this.options = { ...DEFAULT_OPTIONS, ...Object.fromEntries(given) };
		this.courier = new Courier(this);
		this.addAdminToken(this.options.adminToken);
		for (const user of this.options.users) this.addUser(user);
	}

	/** The sandbox's addresses and credentials. */
	get access() {
		const { url } = this;
		const { devId, apiKey, signingSecret, adminToken } = this.options;
		return {
			url,
			apiBase: `${url}/api/v2`,
			adminBase: `${url}/api/v3/admin`,
			devId,
			apiKey,
			signingSecret,
			adminToken,
		};
	}

	now(): number {
		return this.options.now();
	}

	/** Unix milliseconds, strictly increasing, so that no two events share a timestamp. */
	nextOrderingTimestamp(): number {
		this.lastOrderingTimestamp = Math.max(this.now(), this.lastOrderingTimestamp + 1);
		return this.lastOrderingTimestamp;
	}

	payloadOf(event: object, destination: Destination | null): object {
		const mode = destination?.delivery ?? this.settings.deliveryMode;
		const named = this.settings.eventNames === 'dotted' ? withDottedType(event) : event;
		return (mode === 'ping' ? pingFor(this, named) : undefined) ?? named;
	}

	/** Whether samples of this data type are enabled. */
	hasSamples(type: DataType): boolean {
		return !this.settings.disabledSamples.includes(type);
	}

	addUser(seed: SandboxUserSeed = {}): TerraUser {
		const connection = connect(this.options.seed, this.connectedSoFar++, seed, this.now());
		this.connections.set(connection.user.user_id, connection);
		this.users.push(connection.user);
		return connection.user;
	}

	addAdminToken(token: string, limits: Partial<AdminToken> = {}): void {
		this.adminTokens.set(token, {
			name: `Token ${this.adminTokens.size + 1}`,
			scopes: ADMIN_SCOPES,
			devIds: null,
			createdAt: this.now(),
			expiresAt: Infinity,
			lastUsedAt: null,
			...limits,
		});
	}

	removeUser(userId: string): void {
		const index = this.users.findIndex((user) => user.user_id === userId);
		if (index >= 0) this.users.splice(index, 1);
		this.connections.delete(userId);
		this.lastRides.delete(userId);
	}

	find(userId: unknown): Connection | undefined {
		return typeof userId === 'string' ? this.connections.get(userId) : undefined;
	}

	/** Like `find`, but throws: in the sandbox's own methods an unknown user is the caller's mistake. */
	connectionOf(userId: string): Connection {
		const connection = this.connections.get(userId);
		if (!connection) throw new Error(`The sandbox has no user ${userId}`);
		return connection;
	}

	/** Updates `last_webhook_update`, which later answers and webhooks include. */
	noteWebhook(userId: string | undefined): void {
		const connection = this.find(userId);
		if (connection) connection.user.last_webhook_update = terraTime(this.now());
	}

	/** Changing the URL keeps the destination, so that pending retries go to the new URL. */
	setDestination(url: string | null): void {
		const index = this.destinations.findIndex((destination) => destination.byHand);
		const known = this.destinations[index];
		this.firstDestination ??= url;
		if (url === null) {
			if (known) this.destinations.splice(index, 1);
			return;
		}
		if (known) {
			Object.assign(known, { url, active: true, failingSince: null });
			return;
		}
		const fields = { url, signingSecret: null, byHand: true, now: this.now() };
		this.destinations.push(makeDestination(fields));
	}
}
