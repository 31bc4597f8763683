import { type RedisServer, startRedis } from '@singan/testkit';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Consumer, type ConsumerOptions, startConsumer } from './consumer.ts';
import { createQueues, type Queues } from './queues.ts';
import { message, Received } from './test-support/messages.ts';

const logger = pino({ level: 'silent' });
let server: RedisServer;
let queues: Queues;
let consumers: Consumer[];

beforeEach(async () => {
  server = await startRedis();
  queues = createQueues({ redisUrl: server.url, logger });
  consumers = [];
});
afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.close()));
  await queues.close();
  await server.stop();
});

function consume(handler: ConsumerOptions<'training'>['handler'], concurrency = 1): Consumer {
  const consumer = startConsumer('training', { redisUrl: server.url, concurrency, handler, logger });
  consumers.push(consumer);
  return consumer;
}

test('a message reaches a consumer of its topic, in the order of sending', async () => {
  for (const id of ['job_a-1', 'job_b-1', 'job_c-1']) await queues.publish(message(id));
  await queues.publish(message('job_other-1', { topic: 'generation' }));
  const received = new Received();
  const isLast = received.next('job_c-1');
  consume(received.handler);
  await isLast;
  expect(received.ids).toEqual(['job_a-1', 'job_b-1', 'job_c-1']);
});

test('a message that is sent twice is there once', async () => {
  await queues.publish(message('job_a-1'));
  await queues.publish(message('job_a-1'));
  await queues.publish(message('job_b-1'));
  const received = new Received();
  const isLast = received.next('job_b-1');
  consume(received.handler);
  await isLast;
  expect(received.ids).toEqual(['job_a-1', 'job_b-1']);
});

test('known is what waits, is held back or is at work; what was handled or failed is not', async () => {
  const ids = ['job_done-1', 'job_failed-1', 'job_work-1', 'job_waiting-1'];
  for (const id of ids) await queues.publish(message(id));
  await queues.publish(message('job_later-1', { delayMs: 3_600_000 }));
  const received = new Received();
  let release: () => void = () => undefined;
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isAtWork = received.next('job_work-1');
  consume(async (payload) => {
    await received.handler(payload);
    if (payload.jobId === 'job_failed-1') throw new Error('the handler failed');
    if (payload.jobId === 'job_work-1') await isReleased;
  });
  await isAtWork;
  expect(await queues.isKnown('training', [...ids, 'job_later-1', 'job_never-1'])).toEqual(
    new Set(['job_work-1', 'job_waiting-1', 'job_later-1']),
  );
  expect(await queues.isKnown('generation', ids)).toEqual(new Set());
  release();
});

test('a wiped Redis knows nothing and takes a message again', async () => {
  await queues.publish(message('job_a-1'));
  const redis = new Redis(server.url);
  await redis.flushall();
  await redis.quit();
  expect(await queues.isKnown('training', ['job_a-1'])).toEqual(new Set());
  await queues.publish(message('job_a-1'));
  expect(await queues.isKnown('training', ['job_a-1'])).toEqual(new Set(['job_a-1']));
});

test('a payload that does not fit the topic never reaches the handler', async () => {
  await queues.publish(message('job_bad-1', { payload: { deliveryId: 'x' } }));
  await queues.publish(message('job_good-1'));
  const received = new Received();
  const isReceived = received.next('job_good-1');
  consume(received.handler);
  await isReceived;
  expect(received.ids).toEqual(['job_good-1']);
});

test('closing a consumer waits for the handler at work and takes no further message', async () => {
  await queues.publish(message('job_a-1'));
  await queues.publish(message('job_b-1'));
  const received = new Received();
  let release: () => void = () => undefined;
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isAtWork = received.next('job_a-1');
  const consumer = consume(async (payload) => {
    await received.handler(payload);
    await isReleased;
    received.ids.push('released');
  });
  await isAtWork;
  await consumer.pause();
  const isClosed = consumer.close();
  release();
  await isClosed;
  expect(received.ids).toEqual(['job_a-1', 'released']);
  expect(await queues.isKnown('training', ['job_a-1', 'job_b-1'])).toEqual(new Set(['job_b-1']));
});

test('with Redis away everything that asks it fails soon and says so, and nothing is kept to be sent later', async () => {
  await queues.check();
  await server.kill();
  const unavailable = { code: 'queue.unavailable' };
  await expect(queues.publish(message('job_a-1'))).rejects.toMatchObject(unavailable);
  await expect(queues.isKnown('training', ['job_a-1'])).rejects.toMatchObject(unavailable);
  await expect(queues.check()).rejects.toMatchObject(unavailable);
  await server.restart();
  const received = new Received();
  const isReceived = received.next('job_b-1');
  consume(received.handler);
  await publishOnceBack('job_b-1');
  await isReceived;
  expect(received.ids).toEqual(['job_b-1']);
});

test('a consumer goes on after Redis was killed and came back', async () => {
  const received = new Received();
  consume(received.handler);
  const isFirst = received.next('job_a-1');
  await queues.publish(message('job_a-1'));
  await isFirst;
  await server.kill();
  await server.restart();
  const isSecond = received.next('job_b-1');
  await publishOnceBack('job_b-1');
  await isSecond;
});

test('queues and consumers can be made and closed while Redis is away', async () => {
  await server.kill();
  const away = createQueues({ redisUrl: server.url, logger });
  await expect(away.check()).rejects.toMatchObject({ code: 'queue.unavailable' });
  const consumer = startConsumer('training', {
    redisUrl: server.url,
    concurrency: 1,
    handler: async () => undefined,
    logger,
  });
  await consumer.close();
  await away.close();
});

/** A relay's part: tries until the connection is back. */
async function publishOnceBack(id: string): Promise<void> {
  for (;;) {
    try {
      await queues.publish(message(id));
      return;
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
