import { queueStatusSchema } from '@singan/contracts';
import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModel } from './create-model.ts';
import { createJob } from './jobs.ts';
import { finishJob } from './leases.ts';
import { relayOutbox } from './outbox.ts';
import { queueStatus } from './queue-status.ts';
import {
  createClaimed,
  newId,
  newModel,
  openTestDatabase,
  SAMPLE_INPUT,
  type TestDatabase,
  WORKER_ID,
  webhookFor,
} from './test-support/fixtures.ts';
import { heartbeat, removeWorker } from './workers.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

const workerAt = (id: string, engine: string | null) => ({
  id,
  roles: ['training', 'generation'],
  host: 'here',
  pid: 42,
  engine,
  startedAt: new Date('2026-01-01T00:00:00Z'),
});

test('an empty service has nothing in it', async () => {
  const status = queueStatusSchema.parse(await queueStatus(server.db));
  expect(status).toMatchObject({ workers: [], undispatched: 0, pendingWebhooks: 0 });
  expect(status.queues.map(({ name, oldestWaitingSeconds }) => [name, oldestWaitingSeconds])).toEqual([
    ['training', null],
    ['generation', null],
  ]);
});

test('what waits, runs and was done is counted per queue, with the workers and what they run', async () => {
  const waiting = await createModel(server.db, newModel());
  const running = await createClaimed(server.db);
  const failed = await createClaimed(server.db, { webhook: webhookFor('job.failed') });
  const error = { code: 'internal', title: 'x', detail: 'y', retryable: true };
  await finishJob(server.db, failed.claim, { state: 'failed', error });
  await createJob(server.db, {
    jobId: newId('job'),
    kind: 'sample',
    modelId: waiting.model.id,
    input: SAMPLE_INPUT,
    webhook: null,
  });
  await server.sql.query(`UPDATE jobs SET queued_at = now() - interval '90 seconds' WHERE id = $1`, [waiting.job.id]);
  const silent = newId('wrk');
  const left = newId('wrk');
  for (const id of [silent, left, WORKER_ID]) await heartbeat(server.db, workerAt(id, null));
  await heartbeat(server.db, workerAt(WORKER_ID, 'wasm'));
  await server.sql.query(`UPDATE workers SET seen_at = now() - interval '5 minutes' WHERE id = $1`, [silent]);
  await removeWorker(server.db, left);
  await relayOutbox(server.db, { limit: 3, publish: async () => undefined });

  const status = queueStatusSchema.parse(await queueStatus(server.db));
  const counts = { queued: 1, running: 1, succeeded: 0, failed: 1, canceled: 0 };
  expect(status.queues).toMatchObject([
    { name: 'training', counts, finishedLastHour: 1 },
    { name: 'generation', counts: { queued: 1, running: 0 }, finishedLastHour: 0 },
  ]);
  expect(status.queues[0]?.oldestWaitingSeconds).toBeGreaterThanOrEqual(90);
  expect(status.workers).toMatchObject([
    {
      id: WORKER_ID,
      engine: 'wasm',
      pid: 42,
      running: [{ jobId: running.job.id, kind: 'train', modelId: running.model.id }],
    },
  ]);
  expect(status).toMatchObject({ undispatched: 2, pendingWebhooks: 1 });
});
