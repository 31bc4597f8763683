import { EventEmitter } from 'node:events';
import { type PostgresServer, startPostgres, waitForEvent } from '@singan/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyMigrations } from './apply-migrations.ts';
import { createModel } from './create-model.ts';
import { createDatabase, type Database } from './database.ts';
import { createJobListener, type JobListener } from './job-listener.ts';
import { getJob, requestCancel } from './jobs.ts';
import { renewLease } from './leases.ts';
import { recordProgress } from './record-work.ts';
import { createClaimed, newId, newModel } from './test-support/fixtures.ts';

const logger = pino({ level: 'silent' });
const PROGRESS = { scale: 0, scales: 2, iteration: 3, iterations: 6, fraction: 0.25, etaSeconds: 3, losses: null };
const PATIENCE = { timeoutMs: 30_000 };
let server: PostgresServer;
let url: string;
let db: Database;
let listener: JobListener;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await applyMigrations({ url });
  db = createDatabase({ url });
  listener = createJobListener({ url, logger });
  await listener.ready;
});
afterAll(async () => {
  await listener.close();
  await db.close();
  await server.stop();
});

/** What the subscribers are called with, as events `job` and `outbox`. */
function hear(jobId: string): { heard: EventEmitter; calls: string[]; stop: () => void } {
  const heard = new EventEmitter();
  const calls: string[] = [];
  const unsubscribe = [
    listener.subscribe(jobId, (id) => {
      calls.push(id);
      heard.emit('job', id);
    }),
    listener.onOutbox(() => heard.emit('outbox')),
  ];
  return { heard, calls, stop };

  function stop(): void {
    for (const each of unsubscribe) each();
  }
}

/** Resolves when the listener has heard of everything that was committed before. */
async function caughtUp(): Promise<void> {
  const marker = newId('job');
  const { heard, stop } = hear(marker);
  const isHeard = waitForEvent(heard, 'job', PATIENCE);
  await db.query((client) => client.$queryRaw`SELECT pg_notify('singan_job', ${marker})::text`);
  await isHeard;
  stop();
}

test('a subscriber hears of every committed change of its job, and of no other', async () => {
  const { claim, job } = await createClaimed(db);
  await caughtUp();
  const { heard, calls, stop } = hear(job.id);
  const isHeard = waitForEvent(heard, 'job', PATIENCE);
  await createClaimed(db);
  await recordProgress(db, claim, PROGRESS);
  await isHeard;
  const cancelIsHeard = waitForEvent(heard, 'job', PATIENCE);
  await requestCancel(db, job.id);
  await cancelIsHeard;
  expect(calls).toEqual([job.id, job.id]);
  stop();
});

test('renewing a lease is not news', async () => {
  const { claim, job } = await createClaimed(db);
  await caughtUp();
  const { heard, calls, stop } = hear(job.id);
  const isHeard = waitForEvent(heard, 'job', PATIENCE);
  await renewLease(db, claim, 60_000);
  await recordProgress(db, claim, PROGRESS); // a notification is heard in the order of commits: none came before this one
  await isHeard;
  expect(calls).toHaveLength(1);
  stop();
});

test('a new message in the outbox wakes the relay', async () => {
  await caughtUp();
  const { heard, stop } = hear('*');
  const wakes = Promise.all([waitForEvent(heard, 'outbox', PATIENCE), waitForEvent(heard, 'job', PATIENCE)]);
  const { job } = await createModel(db, newModel());
  expect((await wakes)[1]).toEqual([job.id]);
  stop();
});

test('after Postgres crashed and came back, subscribers are called at once and hear again; the database works again', async () => {
  const { job } = await createModel(db, newModel());
  await caughtUp();
  const { heard, stop } = hear(job.id);
  await server.kill();
  await expect(getJob(db, job.id)).rejects.toMatchObject({ code: 'database.unavailable' });
  await expect(db.check()).rejects.toMatchObject({ code: 'database.unavailable' });
  await expect(createModel(db, newModel())).rejects.toMatchObject({ code: 'database.unavailable' });
  const isCalled = waitForEvent(heard, 'job', PATIENCE);
  await server.restart();
  await isCalled;
  await db.check();
  const hearsAgain = waitForEvent(heard, 'job', PATIENCE);
  expect(await requestCancel(db, job.id)).toMatchObject({ state: 'canceled' });
  await hearsAgain;
  stop();
});

test('a listener that is made while Postgres is away begins when it is there', async () => {
  await server.kill();
  const early = createJobListener({ url, logger });
  await server.restart();
  await early.ready;
  await early.close();
});
