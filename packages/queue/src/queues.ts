import { once } from 'node:events';
import { TOPICS, type Topic } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { openRedis } from './redis.ts';
import { withTimeout } from './with-timeout.ts';

export const DEFAULT_PREFIX = 'singan';
const ANSWER_TIMEOUT_MS = 5_000;

export interface QueueMessage {
  readonly topic: Topic;
  /** No ':' in it and not all digits. While Redis holds a message, another of the same id is ignored. */
  readonly messageId: string;
  readonly payload: Record<string, unknown>;
  /** How long it is held back; 0 for at once. */
  readonly delayMs: number;
}

/** The sending side: one BullMQ queue a topic. Fails within seconds when Redis is away, and works again when it is back. */
export interface Queues {
  /** @throws AppError queue.unavailable */
  publish(message: QueueMessage): Promise<void>;
  /** Those of the messages that Redis still holds: waiting, held back or at work. @throws AppError queue.unavailable */
  isKnown(topic: Topic, messageIds: readonly string[]): Promise<Set<string>>;
  /** @throws AppError queue.unavailable */
  check(): Promise<void>;
  close(): Promise<void>;
}

export function createQueues(o: { redisUrl: string; logger: Logger; prefix?: string }): Queues {
  // commands fail at once while Redis is away: what cannot be sent stays in the outbox, not in this process
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_TIMEOUT_MS };
  const redis = openRedis({ redisUrl: o.redisUrl, logger: o.logger, options });
  const queues = new Map(TOPICS.map((topic) => [topic, openQueue(topic, redis, o)]));
  const ask = <T>(what: string, question: () => Promise<T>): Promise<T> =>
    withTimeout(whenReady(redis).then(question), ANSWER_TIMEOUT_MS, what);
  return {
    publish: (message) => ask('take a message', () => publish(queueOf(queues, message.topic), message)),
    isKnown: (topic, messageIds) =>
      ask('say what it holds', () => findKnown(redis, queueOf(queues, topic), messageIds)),
    check: async () => {
      await ask('answer a ping', () => redis.ping());
    },
    close: () => close(queues.values(), redis),
  };
}

/** Waits for a connection that is being made; rejects at its first error. */
async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await once(redis, 'ready', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
}

function openQueue(topic: Topic, redis: Redis, o: { logger: Logger; prefix?: string }): Queue {
  const queue = new Queue(topic, {
    connection: redis,
    prefix: o.prefix ?? DEFAULT_PREFIX,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
  });
  queue.on('error', (error) => o.logger.warn({ err: error, topic }, 'queue: error'));
  return queue;
}

function queueOf(queues: ReadonlyMap<Topic, Queue>, topic: Topic): Queue {
  const queue = queues.get(topic);
  if (queue === undefined) throw new AppError('internal', `there is no queue ${topic}`);
  return queue;
}

async function publish(queue: Queue, { topic, messageId, payload, delayMs }: QueueMessage): Promise<void> {
  await queue.add(topic, payload, { jobId: messageId, delay: delayMs });
}

async function findKnown(redis: Redis, queue: Queue, messageIds: readonly string[]): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const pipeline = redis.pipeline();
  for (const id of messageIds) pipeline.exists(queue.toKey(id));
  const answers = (await pipeline.exec()) ?? [];
  const known = messageIds.filter((_, index) => {
    const [error, count] = answers[index] ?? [new Error('the pipeline was cut short')];
    if (error) throw error;
    return count === 1;
  });
  return new Set(known);
}

async function close(queues: Iterable<Queue>, redis: Redis): Promise<void> {
  await Promise.allSettled([...queues].map((queue) => queue.close()));
  redis.disconnect();
}
