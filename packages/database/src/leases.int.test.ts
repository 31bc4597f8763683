import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimJob } from './claim-job.ts';
import { createModel } from './create-model.ts';
import { createDatabase } from './database.ts';
import { readEvents } from './events.ts';
import { createJob, getJob, requestCancel, retryJob } from './jobs.ts';
import { finishJob, handBackJob, renewLease } from './leases.ts';
import { getModel } from './models.ts';
import { reconcile } from './reconcile.ts';
import { recordScale } from './record-scale.ts';
import { recordCheckpoint, recordEngine, recordLog, recordOutputs, recordProgress } from './record-work.ts';
import {
  backDateLease,
  createClaimed,
  mustClaim,
  newArtifact,
  newCheckpoint,
  newId,
  newModel,
  newScale,
  openTestDatabase,
  SAMPLE_INPUT,
  type TestDatabase,
  WORKER_ID,
} from './test-support/fixtures.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

const isKnown = async (_topic: string, ids: readonly string[]) => new Set(ids);
const LEASE = { workerId: WORKER_ID, leaseMs: 60_000 };
const ERROR = { code: 'training.diverged', title: 'The training diverged', detail: 'NaN', retryable: false };
const PROGRESS = { scale: 0, scales: 2, iteration: 3, iterations: 6, fraction: 0.25, etaSeconds: 3, losses: null };

describe('claiming', () => {
  test('gives a queued job to one of eight workers that try at once', async () => {
    const { job, model } = await createModel(server.db, newModel());
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(server.db, { jobId: job.id, ...LEASE })));
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      token: 1n,
      attempt: 1,
      job: { state: 'running', attempts: 1, workerId: WORKER_ID },
    });
    expect(await getModel(server.db, model.id)).toMatchObject({ state: 'training' });
  });

  test('of a job that has ended, or that never was, gives nothing', async () => {
    const { job } = await createModel(server.db, newModel());
    await requestCancel(server.db, job.id);
    expect(await claimJob(server.db, { jobId: job.id, ...LEASE })).toBeNull();
    expect(await claimJob(server.db, { jobId: newId('job'), ...LEASE })).toBeNull();
  });

  test('against a cancel at the same moment ends either canceled unclaimed or running with the flag set', async () => {
    for (let round = 0; round < 15; round++) {
      const { job } = await createModel(server.db, newModel());
      const [claim] = await Promise.all([
        claimJob(server.db, { jobId: job.id, ...LEASE }),
        requestCancel(server.db, job.id),
      ]);
      const after = await getJob(server.db, job.id);
      if (claim === null) expect(after).toMatchObject({ state: 'canceled', attempts: 0 });
      else expect(after).toMatchObject({ state: 'running', cancelRequested: true });
    }
  });

  test('fails a job as poison when three starts brought nothing', async () => {
    const { job, model } = await createModel(server.db, newModel());
    for (let start = 0; start < 3; start++) await handBackJob(server.db, await mustClaim(server.db, job.id));
    expect(await claimJob(server.db, { jobId: job.id, ...LEASE })).toBeNull();
    expect(await getJob(server.db, job.id)).toMatchObject({
      state: 'failed',
      attempts: 3,
      error: { code: 'job.poison' },
    });
    expect(await getModel(server.db, model.id)).toMatchObject({ state: 'failed' });
    await retryJob(server.db, job.id);
    expect(await mustClaim(server.db, job.id)).toMatchObject({ attempt: 4 });
  });

  test('goes on for ever while each start brings a checkpoint', async () => {
    const { job, model } = await createModel(server.db, newModel());
    for (let start = 0; start < 5; start++) {
      const claim = await mustClaim(server.db, job.id);
      await recordCheckpoint(server.db, claim, newCheckpoint(model.id, { scale: 0, iteration: start }));
      await handBackJob(server.db, claim);
    }
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'queued', attempts: 5 });
  });
});

test('a lease lasts as long as it was asked for, in whatever time zone the server lives', async () => {
  const { rows: names } = await server.sql.query('SELECT current_database() AS name');
  await server.sql.query(`ALTER DATABASE ${names[0]?.name} SET TimeZone = 'Asia/Tokyo'`);
  const elsewhere = createDatabase({ url: server.url });
  const { claim, job } = await createClaimed(elsewhere);
  const secondsLeft = async () => {
    const left = 'EXTRACT(EPOCH FROM lease_expires_at - clock_timestamp())::float8 AS left';
    return (await server.sql.query(`SELECT ${left} FROM jobs WHERE id = $1`, [job.id])).rows[0]?.left;
  };
  expect(await secondsLeft()).toBeGreaterThan(0);
  expect(await secondsLeft()).toBeLessThanOrEqual(60);
  await renewLease(elsewhere, claim, 3_600_000);
  expect(await secondsLeft()).toBeGreaterThan(3_000);
  expect(await secondsLeft()).toBeLessThanOrEqual(3_600);
  expect(Math.abs(job.createdAt.getTime() - Date.now())).toBeLessThan(1_800_000);
  await elsewhere.close();
});

describe('a stale lease', () => {
  test('writes nothing, whatever is tried', async () => {
    const { claim, model, job } = await createClaimed(server.db);
    await backDateLease(server.sql, job);
    await reconcile(server.db, { isKnown });
    await mustClaim(server.db, job.id);
    const before = await snapshot();
    const attempts: (() => Promise<unknown>)[] = [
      () => renewLease(server.db, claim, 60_000),
      () => handBackJob(server.db, claim),
      () => finishJob(server.db, claim, { state: 'succeeded' }),
      () => finishJob(server.db, claim, { state: 'failed', error: ERROR }),
      () => recordEngine(server.db, claim, { engine: 'wasm', isa: 'wasm-simd', threads: 1, device: 'cpu' }),
      () => recordProgress(server.db, claim, PROGRESS),
      () => recordLog(server.db, claim, 'info', 'hello'),
      () => recordCheckpoint(server.db, claim, newCheckpoint(model.id, { scale: 0, iteration: 1 })),
      () => recordScale(server.db, claim, newScale(model.id, 0)),
      () => recordOutputs(server.db, claim, [newArtifact(model.id)]),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await snapshot()).toEqual(before);

    async function snapshot() {
      const tables = [
        'jobs',
        'models',
        'scales',
        'artifacts',
        'checkpoints',
        'job_events',
        'outbox',
        'webhook_deliveries',
      ];
      const rows: unknown[] = [];
      for (const table of tables) rows.push((await server.sql.query(`SELECT * FROM ${table} ORDER BY 1, 2`)).rows);
      return rows;
    }
  });

  test('that ran out but was given to nobody still lets its holder write', async () => {
    const { claim, job } = await createClaimed(server.db);
    await backDateLease(server.sql, job);
    await recordProgress(server.db, claim, PROGRESS);
    expect(await renewLease(server.db, claim, 60_000)).toEqual({ isCancelRequested: false });
    expect(await reconcile(server.db, { isKnown })).toMatchObject({ expired: 0 });
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'running', progress: PROGRESS });
  });

  test('is taken back once by four reconcilers at work at the same time', async () => {
    const { job, model } = await createClaimed(server.db);
    await backDateLease(server.sql, job);
    const results = await Promise.all([1, 2, 3, 4].map(() => reconcile(server.db, { isKnown })));
    expect(results.map(({ expired }) => expired).sort()).toEqual([0, 0, 0, 1]);
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'queued', workerId: null });
    expect(await getModel(server.db, model.id)).toMatchObject({ state: 'queued' });
    const { rows } = await server.sql.query('SELECT message_id FROM outbox WHERE subject_id = $1 ORDER BY id', [
      job.id,
    ]);
    expect(rows).toEqual([{ message_id: `${job.id}-1` }, { message_id: `${job.id}-2` }]);
  });

  test('of a job whose cancel was asked for ends the job canceled', async () => {
    const { job } = await createClaimed(server.db);
    await requestCancel(server.db, job.id);
    await backDateLease(server.sql, job);
    await reconcile(server.db, { isKnown });
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'canceled' });
  });
});

describe('finishing', () => {
  test('a training with all its scales makes the model ready', async () => {
    const { claim, job, model } = await createClaimed(server.db);
    await recordScale(server.db, claim, newScale(model.id, 0));
    await recordScale(server.db, claim, newScale(model.id, 1));
    await finishJob(server.db, claim, { state: 'succeeded' });
    expect(await getModel(server.db, model.id)).toMatchObject({
      state: 'ready',
      scalesDone: 2,
      readyAt: expect.any(Date),
    });
    const after = await getJob(server.db, job.id);
    expect(after).toMatchObject({ state: 'succeeded', workerId: null, finishedAt: expect.any(Date) });
    expect(after?.metrics.runSeconds).toBeGreaterThanOrEqual(0);
    expect(after?.outputs.map(({ kind, scale }) => [kind, scale])).toEqual([
      ['reconstruction', 0],
      ['scale-sample', 0],
      ['reconstruction', 1],
      ['scale-sample', 1],
    ]);
  });

  test('a training that lacks a scale as succeeded is refused, and nothing changes', async () => {
    const { claim, job } = await createClaimed(server.db);
    await expect(finishJob(server.db, claim, { state: 'succeeded' })).rejects.toMatchObject({ code: 'internal' });
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'running' });
  });

  test('twice, because the first answer was lost, is finishing once', async () => {
    const { claim, job } = await createClaimed(server.db);
    await finishJob(server.db, claim, { state: 'failed', error: ERROR });
    await finishJob(server.db, claim, { state: 'failed', error: ERROR });
    await expect(finishJob(server.db, claim, { state: 'canceled' })).rejects.toMatchObject({ code: 'lease.lost' });
    const events = await readEvents(server.db, job.id, 0);
    expect(events.filter(({ event }) => event.type === 'done')).toHaveLength(1);
  });

  test('against a cancel at the same moment ends as the worker said', async () => {
    for (let round = 0; round < 15; round++) {
      const { claim, model } = await createClaimed(server.db);
      const sample = await sampleOf(model.id);
      const sampleClaim = await mustClaim(server.db, sample.id);
      await Promise.all([
        finishJob(server.db, sampleClaim, { state: 'succeeded' }),
        requestCancel(server.db, sample.id),
      ]);
      expect(await getJob(server.db, sample.id)).toMatchObject({ state: 'succeeded', error: null });
      await finishJob(server.db, claim, { state: 'canceled' });
    }
  });

  test('a handed-back job whose cancel was asked for is canceled, not queued', async () => {
    const { claim, job, model } = await createClaimed(server.db);
    await requestCancel(server.db, job.id);
    expect(await renewLease(server.db, claim, 60_000)).toEqual({ isCancelRequested: true });
    await handBackJob(server.db, claim);
    expect(await getJob(server.db, job.id)).toMatchObject({ state: 'canceled' });
    expect(await getModel(server.db, model.id)).toMatchObject({ state: 'canceled' });
  });
});

async function sampleOf(modelId: string) {
  return createJob(server.db, { jobId: newId('job'), kind: 'sample', modelId, input: SAMPLE_INPUT, webhook: null });
}
