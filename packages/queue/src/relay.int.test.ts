import { type RedisServer, startRedis, waitForEvent } from '@singan/testkit';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startConsumer } from './consumer.ts';
import { createQueues, type Queues } from './queues.ts';
import { startRelay } from './relay.ts';
import { message, PATIENCE, Received, WaitingMessages } from './test-support/messages.ts';

const logger = pino({ level: 'silent' });
const HOUR_MS = 3_600_000;
let server: RedisServer;
let queues: Queues;
let waiting: WaitingMessages;

beforeEach(async () => {
  server = await startRedis();
  queues = createQueues({ redisUrl: server.url, logger });
  waiting = new WaitingMessages();
});
afterEach(async () => {
  await queues.close();
  await server.stop();
});

const start = (intervalMs: number) => startRelay({ ...waiting, queues, logger, intervalMs });
const carried = (id: string) =>
  waitForEvent<[string]>(waiting, 'carried', { ...PATIENCE, accept: (carriedId) => carriedId === id });

test('what waits at the start is carried over, and what comes later wakes the relay', async () => {
  waiting.add(message('job_a-1'));
  const isFirst = carried('job_a-1');
  const relay = start(HOUR_MS);
  await isFirst;
  const isSecond = carried('job_b-1');
  waiting.add(message('job_b-1'));
  await isSecond;
  await relay.close();
  expect(await queues.isKnown('training', ['job_a-1', 'job_b-1'])).toEqual(new Set(['job_a-1', 'job_b-1']));
});

test('what comes while it runs is not left for the next interval', async () => {
  const relay = start(HOUR_MS);
  const ids = Array.from({ length: 50 }, (_, index) => `job_${index}x-1`);
  const isLast = carried('job_49x-1');
  for (const id of ids) waiting.add(message(id));
  await isLast;
  await relay.close();
  expect((await queues.isKnown('training', ids)).size).toBe(50);
});

test('rows wait while Redis is stopped, and all arrive when it is back, without a wake', async () => {
  const relay = start(50);
  const isCarried = carried('job_a-1');
  waiting.add(message('job_a-1'));
  await isCarried;
  await server.kill();
  const isRefused = waitForEvent(waiting, 'refused', PATIENCE);
  waiting.add(message('job_b-1'), message('job_c-1'));
  await isRefused;
  expect(waiting.rows).toHaveLength(2);
  const isLast = carried('job_c-1');
  await server.restart();
  await isLast;
  await relay.close();
  const received = new Received();
  const isReceived = received.next('job_c-1');
  const consumer = startConsumer('training', {
    redisUrl: server.url,
    concurrency: 1,
    handler: received.handler,
    logger,
  });
  await isReceived;
  await consumer.close();
  expect(received.ids).toEqual(['job_a-1', 'job_b-1', 'job_c-1']);
});

test('a closed relay carries nothing more', async () => {
  const relay = start(HOUR_MS);
  await relay.close();
  waiting.add(message('job_a-1'));
  expect(await queues.isKnown('training', ['job_a-1'])).toEqual(new Set());
  expect(waiting.rows).toHaveLength(1);
  expect(waiting.listenerCount('added')).toBe(0);
});
