export { Answer } from './answer';
export { Batches, batchesOf, type Batch, type Start } from './batches';
export type { StoredMemory, Version } from './claims';
export { inboxOf, nodeIdOf, openInbox, REPEATED, type Admission, type Inbox } from './inbox';
export {
	forgetPasses,
	lastDeliveriesOf,
	lastPassesOf,
	noteAccepted,
	noteAnswer,
	notePass,
	notesSince,
	triggerOf,
	type LastDeliveries,
	type LastPass,
} from './lastDeliveries';
export { putLast } from './memory';
export { sendAnswer, sendStarted } from './response';
export { begunIn } from './begun';
export { withOrigin, withoutRepeated } from './origin';
export {
	answerIn,
	answerQuestion,
	MAX_ASKED,
	questionIn,
	questionItem,
	questionOf,
	type Question,
	type TableAnswer,
} from './question';
