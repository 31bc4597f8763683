import type { Topic } from '@singan/contracts';
import { type RedisServer, startRedis } from '@singan/testkit';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createQueues, type Queues } from './queues.ts';
import { startReconciler } from './reconciler.ts';
import { message } from './test-support/messages.ts';

const logger = pino({ level: 'silent' });
let server: RedisServer;
let queues: Queues;

beforeEach(async () => {
  server = await startRedis();
  queues = createQueues({ redisUrl: server.url, logger });
});
afterEach(async () => {
  await queues.close();
  await server.stop();
});

/** Runs the reconciler until `reconcile` was called `count` times; resolves to what Redis knew of the ids in each call. */
function askRedis(ids: readonly string[], count: number, between: () => Promise<unknown>): Promise<string[][]> {
  const answers: string[][] = [];
  return new Promise((resolve, reject) => {
    const reconcile = async (isKnown: (topic: Topic, ids: readonly string[]) => Promise<Set<string>>) => {
      answers.push([...(await isKnown('training', ids))]);
      await between();
      if (answers.length === count) void reconciler.close().then(() => resolve(answers), reject);
      return { expired: 0, redispatched: 0 };
    };
    const reconciler = startReconciler({ reconcile, queues, logger, intervalMs: 1 });
  });
}

test('it asks Redis again and again, and sees that a wiped one has lost what it held', async () => {
  await queues.publish(message('job_a-1'));
  const redis = new Redis(server.url);
  const answers = await askRedis(['job_a-1', 'job_b-1'], 2, () => redis.flushall());
  await redis.quit();
  expect(answers).toEqual([['job_a-1'], []]);
});
