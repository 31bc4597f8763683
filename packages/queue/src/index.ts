export { type Consumer, type ConsumerOptions, type MessageOf, startConsumer } from './consumer.ts';
export { createQueues, type QueueMessage, type Queues } from './queues.ts';
export { type ReconcilerOptions, startReconciler } from './reconciler.ts';
export { type RelayOptions, startRelay } from './relay.ts';
