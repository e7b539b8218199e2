import type { IExecuteFunctions } from 'n8n-workflow';
import { Answer } from './answer';
import { Claims, type Delivery, type StoredMemory, type Version } from './claims';
import { putLast } from './memory';

/** An admitted delivery: it may start the workflow. */
export interface Admission {
	/** What identifies copies of the delivery, if they are remembered. */
	ids: string[] | null;
	/** How the delivery's version of a record relates to those accepted before; null if unknown. */
	versionOf(recordKey: string | null): Version | null;
	/** Call it when n8n has stored the execution, or when none is wanted. */
	store(): void;
	/** Call it once it is known whether n8n accepted the delivery. */
	settle(accepted: boolean): void;
}

/** What one trigger node has accepted. */
export interface Inbox {
	/** Whether a delivery with one of these IDs was accepted before. */
	hasSeen(ids: string[]): boolean;
	/**
	 * Admits a delivery, unless it is repeated. Waits a few seconds while a copy of it, or another version of one of
	 * its records, is in progress.
	 */
	admit(delivery: Delivery): Promise<Admission | Answer>;
	/** When Terra emitted the latest version of a record that n8n has accepted, in Unix milliseconds. */
	acceptedAt(recordKey: string): number | undefined;
}

export const REPEATED = new Answer(200, 'repeated', 'elsewhere');

const BUSY = new Answer(
	503,
	'not kept: n8n is still storing another delivery of the same ride or record',
);

/** Far more triggers than any n8n has; the least recently used are forgotten first. */
export const MAX_NODES = 1_000;

const claimsByNode = new Map<string, Claims>();

/** Unique across all workflows of this n8n. @param node if the caller has it already: n8n copies it for each `getNode()` */
export const nodeIdOf = (
	context: Pick<IExecuteFunctions, 'getNode' | 'getWorkflow'>,
	node = context.getNode(),
): string => `${context.getWorkflow().id}:${node.id}`;

/**
 * The inbox of a trigger node.
 *
 * @param nodeId see `nodeIdOf`
 * @param stored where n8n keeps part of it across restarts
 */
export function inboxOf(nodeId: string, stored: StoredMemory): Inbox {
	const claims = claimsByNode.get(nodeId) ?? new Claims();
	putLast(claimsByNode, nodeId, claims, MAX_NODES);
	claims.recall(stored);
	return {
		hasSeen: (ids) => claims.hasAny(ids),
		acceptedAt: (recordKey) => claims.acceptedAt(recordKey),
		admit: async (delivery) => {
			const claim = await claims.claim(delivery);
			if (claim === 'repeated') return REPEATED;
			if (claim === 'busy') return BUSY;
			return {
				ids: delivery.ids,
				versionOf: (key) => (key === null ? null : claim.versionOf(key)),
				store: () => claim.store(stored),
				settle: claim.settle,
			};
		},
	};
}

/** Whether this process receives the deliveries of the node. */
export const hasClaims = (nodeId: string): boolean => claimsByNode.has(nodeId);

const ADMISSION: Admission = {
	ids: null,
	versionOf: () => null,
	store: () => {},
	settle: () => {},
};

/** Admits everything and remembers nothing, for tests in the editor. */
export const openInbox: Inbox = {
	hasSeen: () => false,
	acceptedAt: () => undefined,
	admit: async () => ADMISSION,
};
