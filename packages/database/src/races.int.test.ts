import { AppError } from '@singan/domain';
import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJob } from './claim-job.ts';
import { createModel } from './create-model.ts';
import { readEvents } from './events.ts';
import { createJob, requestCancel } from './jobs.ts';
import { finishJob, handBackJob, renewLease } from './leases.ts';
import { deleteModel, purgeModel } from './models.ts';
import { relayOutbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import { recordCheckpoint, recordLog, recordOutputs, recordProgress } from './record-work.ts';
import {
  newArtifact,
  newCheckpoint,
  newId,
  newModel,
  openTestDatabase,
  SAMPLE_INPUT,
  type TestDatabase,
  webhookFor,
} from './test-support/fixtures.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

const SAMPLES = 6;
const WORKERS = 5;
const isKnown = async () => new Set<string>();
const publish = async () => undefined;
const PROGRESS = { scale: 0, scales: 2, iteration: 3, iterations: 6, fraction: 0.25, etaSeconds: 3, losses: null };

test('workers, cancels, dead workers, a relay and reconcilers at once: no deadlock, and every job ends once', async () => {
  const webhook = webhookFor('job.started', 'job.progress', 'job.succeeded', 'job.failed', 'job.canceled');
  const { model, job } = await createModel(server.db, newModel({ webhook }));
  const ids = [job.id];
  for (let i = 0; i < SAMPLES; i++) {
    const input = { jobId: newId('job'), kind: 'sample', modelId: model.id, input: SAMPLE_INPUT, webhook } as const;
    ids.push((await createJob(server.db, input)).id);
  }
  const live = new Set(ids);
  const workers = Array.from({ length: WORKERS }, (_, index) => work(index, ids, live));
  const cancels = ids.slice(0, 3).map((id) => requestCancel(server.db, id));
  const janitors = [tidyUp(live), tidyUp(live), relayWhile(live)];
  await Promise.all([...workers, ...cancels, ...janitors]);

  for (const id of ids) {
    const events = await readEvents(server.db, id, 0);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ event }) => event.type === 'done')).toHaveLength(1);
    expect(events.at(-1)?.event.type).toBe('done');
    const { rows } = await server.sql.query(
      `SELECT count(*)::int AS count FROM webhook_deliveries
       WHERE job_id = $1 AND type IN ('job.succeeded', 'job.failed', 'job.canceled')`,
      [id],
    );
    expect(rows).toEqual([{ count: 1 }]);
  }
  await deleteModel(server.db, model.id);
  expect(await purgeModel(server.db, model.id)).toBe('purged');
});

/** Claims, records and ends whatever it can; every fourth claim it "dies" with, every third it hands back. */
async function work(index: number, ids: readonly string[], live: Set<string>): Promise<void> {
  const workerId = newId('wrk');
  for (let turn = index; live.size > 0; turn++) {
    const jobId = ids[turn % ids.length] ?? '';
    const claim = await claimJob(server.db, { jobId, workerId, leaseMs: 60_000 });
    if (claim !== null) await unlessLost(() => runOnce(claim, turn));
    await forgetEnded(jobId, live);
  }
}

async function runOnce(claim: NonNullable<Awaited<ReturnType<typeof claimJob>>>, turn: number): Promise<void> {
  const { db } = server;
  const { id: modelId } = claim.model;
  const checkpoint = newCheckpoint(modelId, { scale: 0, iteration: turn });
  const records: Promise<unknown>[] = [
    recordProgress(db, claim, PROGRESS),
    recordLog(db, claim, 'info', `turn ${turn}`),
    recordCheckpoint(db, claim, checkpoint),
    recordOutputs(db, claim, [newArtifact(modelId, { index: turn })]),
    renewLease(db, claim, 60_000),
  ];
  for (const outcome of await Promise.allSettled(records)) if (outcome.status === 'rejected') throw outcome.reason;
  if (turn % 4 === 0) await die(claim.job.id);
  else if (turn % 3 === 0) await handBackJob(db, claim);
  else
    await finishJob(db, claim, {
      state: 'failed',
      error: { code: 'internal', title: 'x', detail: 'y', retryable: true },
    });
}

async function unlessLost(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'lease.lost') throw error;
  }
}

/** Leaves the job as a worker does that was killed longer ago than its lease lasts. */
function die(jobId: string): Promise<unknown> {
  const data = { leaseExpiresAt: new Date(0) };
  return server.db.query((client) => client.job.updateMany({ where: { id: jobId, state: 'running' }, data }));
}

async function forgetEnded(jobId: string, live: Set<string>): Promise<void> {
  const where = { id: jobId, finishedAt: { not: null } };
  if ((await server.db.query((client) => client.job.count({ where }))) === 1) live.delete(jobId);
}

async function tidyUp(live: ReadonlySet<string>): Promise<void> {
  while (live.size > 0) await reconcile(server.db, { isKnown });
}

async function relayWhile(live: ReadonlySet<string>): Promise<void> {
  while (live.size > 0) await relayOutbox(server.db, { limit: 5, publish });
}
