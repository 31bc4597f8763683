import {
  type MaintenanceMessage,
  maintenanceMessageSchema,
  type Topic,
  type WebhookMessage,
  type WorkMessage,
  webhookMessageSchema,
  workMessageSchema,
} from '@singan/contracts';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { DEFAULT_PREFIX } from './queues.ts';
import { openRedis } from './redis.ts';

export interface MessageOf {
  readonly training: WorkMessage;
  readonly generation: WorkMessage;
  readonly webhooks: WebhookMessage;
  readonly maintenance: MaintenanceMessage;
}

const SCHEMAS: { readonly [T in Topic]: z.ZodType<MessageOf[T]> } = {
  training: workMessageSchema,
  generation: workMessageSchema,
  webhooks: webhookMessageSchema,
  maintenance: maintenanceMessageSchema,
};

export interface ConsumerOptions<T extends Topic> {
  readonly redisUrl: string;
  /** Messages at work at the same time. */
  readonly concurrency: number;
  /**
   * Short, or waiting for a child process: never CPU work, which would starve the renewal of BullMQ's lock. A message whose
   * handler fails is gone from Redis; what it was about is sent again by the reconciler for as long as it waits.
   */
  readonly handler: (payload: MessageOf[T]) => Promise<void>;
  readonly logger: Logger;
  readonly prefix?: string;
}

export interface Consumer {
  /** Takes no more messages; those at work go on. */
  pause(): Promise<void>;
  /** As pause; then waits for those at work. */
  close(): Promise<void>;
}

/** Takes messages of a topic, at least once each. Comes back by itself after Redis was away. */
export function startConsumer<T extends Topic>(topic: T, o: ConsumerOptions<T>): Consumer {
  const logger = o.logger.child({ topic });
  const redis = openRedis({ redisUrl: o.redisUrl, logger, options: { maxRetriesPerRequest: null } });
  const atWork = new Set<Promise<void>>();
  const worker = new Worker(
    topic,
    async ({ data }) => {
      const work = o.handler(SCHEMAS[topic].parse(data));
      atWork.add(work);
      await work.finally(() => atWork.delete(work));
    },
    { connection: redis, prefix: o.prefix ?? DEFAULT_PREFIX, concurrency: o.concurrency, skipVersionCheck: true },
  );
  worker.on('error', (error) => logger.warn({ err: error }, 'consumer: error'));
  worker.on('failed', (job, error) => logger.error({ err: error, messageId: job?.id }, 'consumer: a handler failed'));
  worker.on('stalled', (messageId) => logger.warn({ messageId }, 'consumer: a message is delivered again'));
  return {
    pause: () => worker.pause(true),
    close: () => close(worker, redis, atWork),
  };
}

async function close(worker: Worker, redis: Redis, atWork: ReadonlySet<Promise<void>>): Promise<void> {
  await worker.pause(true);
  await Promise.allSettled(atWork);
  // with Redis away a graceful close would wait for it to come back
  await worker.close(redis.status !== 'ready');
  redis.disconnect();
}
