import type { IBinaryData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Parameters } from '../fields/values';
import type { HistoryRun } from '../history';
import type { LastDeliveries, LastPass } from '../inbox';
import type { ColumnInfo } from '../rows/columns';
import type { Day } from '../terra/days';
import type { JsonObject } from '../terra/json';
import type { UserError } from '../terra/userError';
import type { Admin, Client, CompleteUser } from '../transport';
import type { SeenKeys } from './seenKeys';

/** What some values depend on. */
export interface ReadContext {
	/** The value of the field 'Resource'. */
	resource: string;
	/** Of the workflow. */
	timezone: string;
	/** The current day in the workflow's time zone. */
	today: Day;
	/** Whether a field of the node holds an expression. */
	isExpression(field: string): boolean;
}

/** Services for an operation, shared by all items of one execution. */
export interface Services {
	client: Client;
	/** Adds what Terra knows about a user. */
	completeUser: CompleteUser;
	history: HistoryRun;
	/** Of the workflow. */
	timezone: string;
	/** The current day in that time zone. */
	today: Day;
	/** Shows a message above the node's output, each message once. */
	hint(message: string, type?: 'info' | 'warning'): void;
	makeFile(content: Buffer, name: string, mimeType: string): Promise<IBinaryData>;
	/** Whether the node should continue after an error. */
	continueOnFail: boolean;
	/** What earlier executions of this node have noted. */
	seen: SeenKeys;
	/** Notes keys once every item is done and the node has not failed. */
	noteOnSuccess(keys: string[]): void;
	/** Whether a credential has a signing secret. */
	hasSigningSecret(): Promise<boolean>;
	/** Terra's Admin API; undefined where the node has no credential for it. */
	admin(): Promise<Admin | undefined>;
	/**
	 * What this process knows about triggers with the same credential: deliveries to them since a time (Unix
	 * milliseconds), and the passes in which they asked Terra.
	 */
	deliveries(): { since: number; triggers: LastDeliveries[]; passes: LastPass[] };
	/** The base URL of this n8n's webhooks, if n8n reveals it. */
	webhookBaseUrl: string | undefined;
}

/** One item of an operation's output; n8n/ links it to the item it came from. */
export interface Output {
	json: JsonObject;
	binary?: Record<string, IBinaryData>;
	/** The item is left out if an earlier execution, or an earlier item, had the same value. */
	once?: string;
	/** What went wrong with this item, if the node continues after an error. */
	error?: UserError;
}

/** One operation of a resource, each in its own file. */
export interface Operation<Input = unknown> {
	/** Its entry in the field 'Operation'; the value is its permanent name in workflows. */
	option: Required<Pick<INodePropertyOptions, 'name' | 'description' | 'action'>> &
		Pick<INodePropertyOptions, 'builderHint'> & { value: string };
	/**
	 * What a model reads about it as a tool: what comes back, in which units, and what to put into the fields. Operations
	 * without it are not offered as tools: a model neither sends nor deletes anything.
	 */
	forModel?: string;
	/** Shown for this operation. `displayOptions` contains only conditions on other fields. */
	fields: INodeProperties[];
	/**
	 * The columns of its items with the default settings. n8n's editor offers them before the first run,
	 * and its AI reads them; the build writes them into `__schema__`.
	 */
	columns: readonly ColumnInfo[];
	/** Reads an item's fields. @throws UserError naming the field */
	read(parameters: Parameters, context: ReadContext): Input;
	/** Does the work for one item. @throws UserError */
	run(input: Input, services: Services): Promise<Output[]>;
	/** Shown if the whole execution returns no item. */
	emptyHint?: string;
}

/** Type-checks an operation and keeps the type of what it reads. */
export function operation<Input>(definition: Operation<Input>): Operation {
	return definition as Operation;
}
