import type { INodeParameters } from 'n8n-workflow';
import { startSandbox, type SandboxOptions, type SendOptions } from '../../sandbox';
import { adminCredentialFor, credentialFor } from '../../playground/credential';
import { serveTrigger, type TriggerServerOptions } from './n8nCore';

export { adminCredentialFor, credentialFor };

let workflows = 0;

/** A published trigger with a sandbox that delivers to it. */
export async function startTrigger(
	parameters: INodeParameters = {},
	{
		sandboxOptions,
		credential,
		adminCredential,
		...options
	}: TriggerServerOptions & {
		sandboxOptions?: SandboxOptions;
		credential?: object;
		/** Set to `{}` for one from the sandbox. */
		adminCredential?: object;
	} = {},
) {
	const sandbox = await startSandbox(sandboxOptions);
	const server = await serveTrigger(
		{
			parameters,
			credential: { ...credentialFor(sandbox), ...credential },
			adminCredential: adminCredential && { ...adminCredentialFor(sandbox), ...adminCredential },
			// A trigger's memory belongs to its node and its credential, so each test has its own.
			settings: { id: `node-${++workflows}` },
			credentialId: `credential-of-${workflows}`,
		},
		options,
	);

	/** Delivers one event as Terra does, once, and returns the trigger's answer. */
	const send = async (event: object, how: SendOptions = {}) => {
		const { attempts } = await sandbox.send(event, {
			destinationUrl: server.url,
			retries: false,
			...how,
		});
		const { status, responseBody: text } = attempts[0]!;
		return { status, text };
	};

	return {
		sandbox,
		...server,
		send,
		/** The items of all executions so far. */
		items: () => server.executions.flat().map(({ json }) => json),
		close: async () => {
			await server.close();
			await sandbox.close();
		},
	};
}

export type Trigger = Awaited<ReturnType<typeof startTrigger>>;
