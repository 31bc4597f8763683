import { EventEmitter } from 'node:events';
import {
  applyMigrations,
  claimJob,
  createDatabase,
  createJobListener,
  createModel,
  type Database,
  finishJob,
  getJob,
  type JobListener,
  type NewModel,
  reconcile,
  relayOutbox,
} from '@singan/database';
import { createIdFactory, systemClock } from '@singan/domain';
import { planPyramid, resolveTrainingConfig } from '@singan/plan';
import { type Consumer, createQueues, type Queues, startConsumer, startReconciler, startRelay } from '@singan/queue';
import { createTestDatabase, eventually, type RedisServer, startRedis, waitForEvent } from '@singan/testkit';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';

const logger = pino({ level: 'silent' });
const newId = createIdFactory(systemClock);
const PATIENCE = { timeoutMs: 60_000 };
const WORKING = { width: 40, height: 30 };

let redis: RedisServer;
let db: Database;
let queues: Queues;
let listener: JobListener;
let loops: { close(): Promise<void> }[];
let done: EventEmitter;
let finished: string[];

beforeEach(async () => {
  const url = await createTestDatabase();
  await applyMigrations({ url });
  redis = await startRedis();
  db = createDatabase({ url });
  queues = createQueues({ redisUrl: redis.url, logger });
  listener = createJobListener({ url, logger });
  await listener.ready;
  loops = [];
  done = new EventEmitter();
  finished = [];
});
afterEach(async () => {
  await Promise.all(loops.map((loop) => loop.close()));
  await listener.close();
  await queues.close();
  await db.close();
  await redis.stop();
});

test('jobs accepted while Redis is down, and those it lost when it was wiped, all run, each once', async () => {
  const early = await createModel(db, newModel());
  startDispatch();
  const isInRedis = async () => (await queues.isKnown('training', [`${early.job.id}-1`])).size === 1;
  await eventually(isInRedis, { ...PATIENCE, what: 'the first message in Redis' });
  await wipe();
  await redis.kill();
  const late = await createModel(db, newModel());
  await redis.restart();
  const allDone = Promise.all([early, late].map(({ job }) => isFinished(job.id)));
  loops.push(startWorker());
  await allDone;
  expect(finished.sort()).toEqual([early.job.id, late.job.id].sort());
  for (const { job } of [early, late])
    expect(await getJob(db, job.id)).toMatchObject({ state: 'canceled', attempts: 1 });
});

/** Relay and reconciler as the api runs them. */
function startDispatch(): void {
  const relay = (publish: Queues['publish']) => relayOutbox(db, { limit: 10, publish });
  const listen = (wake: () => void) => listener.onOutbox(wake);
  loops.push(startRelay({ relay, listen, queues, logger, intervalMs: 100 }));
  loops.push(startReconciler({ reconcile: (isKnown) => reconcile(db, { isKnown }), queues, logger, intervalMs: 100 }));
}

/** A worker that ends each job it can claim at once. */
function startWorker(): Consumer {
  const workerId = newId('wrk');
  return startConsumer('training', {
    redisUrl: redis.url,
    concurrency: 2,
    logger,
    handler: async ({ jobId }) => {
      const claim = await claimJob(db, { jobId, workerId, leaseMs: 60_000 });
      if (claim === null) return;
      finished.push(jobId);
      await finishJob(db, claim, { state: 'canceled' });
      done.emit('finished', jobId);
    },
  });
}

const isFinished = (jobId: string) =>
  waitForEvent<[string]>(done, 'finished', { ...PATIENCE, accept: (id) => id === jobId, what: `job ${jobId}` });

async function wipe(): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  await client.quit();
}

function newModel(): NewModel {
  const modelId = newId('mdl');
  const config = resolveTrainingConfig({ preset: 'quick', maxSize: 40, minSize: 16 }, () => 1);
  return {
    modelId,
    jobId: newId('job'),
    name: null,
    metadata: {},
    config,
    source: { ...WORKING, format: 'png', channels: 3, bitDepth: 8, colourSpace: 'srgb', orientation: 1, alpha: null },
    working: WORKING,
    gray: false,
    pyramid: planPyramid(WORKING, config),
    estimate: { memoryBytes: 1, gigaFlops: 1, seconds: 1 },
    webhook: null,
    sourceArtifact: {
      ...WORKING,
      id: newId('art'),
      kind: 'source',
      key: `models/${modelId}/source.png`,
      contentType: 'image/png',
      sizeBytes: 1,
      sha256: 'a'.repeat(64),
    },
  };
}
