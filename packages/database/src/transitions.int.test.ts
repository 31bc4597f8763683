import {
  canTransitionJob,
  canTransitionModel,
  JOB_STATES,
  type JobState,
  MODEL_STATES,
  type ModelState,
} from '@singan/domain';
import { createTestDatabase } from '@singan/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJob } from './claim-job.ts';
import { createModel } from './create-model.ts';
import { getJob, requestCancel, retryJob } from './jobs.ts';
import { finishJob, handBackJob } from './leases.ts';
import { getModel } from './models.ts';
import { recordScale } from './record-scale.ts';
import { newModel, newScale, openTestDatabase, type TestDatabase, WORKER_ID } from './test-support/fixtures.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

const pairs = <S>(states: readonly S[]) => states.flatMap((from) => states.map((to) => [from, to] as const));
/** What the CHECK constraints ask of a job in each state, beside the state itself. */
const COLUMNS: Record<JobState, string> = {
  queued: `lease_expires_at = NULL, worker_id = NULL, attempt_started_at = NULL, finished_at = NULL, error = NULL`,
  running: `lease_expires_at = now(), worker_id = 'w', attempt_started_at = now(), finished_at = NULL, error = NULL`,
  succeeded: `lease_expires_at = NULL, worker_id = NULL, attempt_started_at = NULL, finished_at = now(), error = NULL`,
  failed: `lease_expires_at = NULL, worker_id = NULL, attempt_started_at = NULL, finished_at = now(), error = '{}'`,
  canceled: `lease_expires_at = NULL, worker_id = NULL, attempt_started_at = NULL, finished_at = now(), error = NULL`,
};

/** Runs statements in a transaction that is rolled back; whether the last was refused. The ones before must succeed. */
async function isRefused(setUp: string, statement: string): Promise<boolean> {
  await server.sql.query('BEGIN');
  try {
    await server.sql.query(setUp);
    await server.sql.query(statement);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: '23514', message: expect.stringContaining('cannot go from') });
    return true;
  } finally {
    await server.sql.query('ROLLBACK');
  }
}

test('the database takes exactly the steps of a job that the domain allows', async () => {
  const { job } = await createModel(server.db, newModel());
  const set = (state: JobState) => `UPDATE jobs SET state = '${state}', ${COLUMNS[state]} WHERE id = '${job.id}'`;
  for (const [from, to] of pairs(JOB_STATES)) {
    // a state is put in place with the guard off: not every one can be reached in one step
    const setUp = `ALTER TABLE jobs DISABLE TRIGGER jobs_transition; ${set(from)}; ALTER TABLE jobs ENABLE TRIGGER jobs_transition`;
    const isAllowed = from === to || canTransitionJob(from, to);
    expect([from, to, await isRefused(setUp, set(to))]).toEqual([from, to, !isAllowed]);
  }
});

test('the database takes exactly the steps of a model that the domain allows', async () => {
  const { model } = await createModel(server.db, newModel());
  const set = (state: ModelState) =>
    `UPDATE models SET state = '${state}', scales_done = 2, ready_at = ${state === 'ready' ? 'now()' : 'NULL'} WHERE id = '${model.id}'`;
  for (const [from, to] of pairs(MODEL_STATES)) {
    const setUp = `ALTER TABLE models DISABLE TRIGGER models_transition; ${set(from)}; ALTER TABLE models ENABLE TRIGGER models_transition`;
    const isAllowed = from === to || canTransitionModel(from, to);
    expect([from, to, await isRefused(setUp, set(to))]).toEqual([from, to, !isAllowed]);
  }
});

test('whatever is asked of a training, job and model agree and every step is one of the domain', async () => {
  const action = fc.constantFrom('claim', 'handBack', 'scale', 'succeed', 'fail', 'end canceled', 'cancel', 'retry');
  const modelStateOf = {
    queued: 'queued',
    running: 'training',
    succeeded: 'ready',
    failed: 'failed',
    canceled: 'canceled',
  };
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
      const { model, job } = await createModel(server.db, newModel());
      const act = actorOn(job.id, model.id);
      let before: JobState = 'queued';
      for (const step of actions) {
        await act(step);
        const after = await getJob(server.db, job.id);
        if (after === null) throw new Error('the job is gone');
        if (after.state !== before)
          expect([before, after.state, true]).toEqual([before, after.state, canTransitionJob(before, after.state)]);
        expect((await getModel(server.db, model.id))?.state).toBe(modelStateOf[after.state]);
        before = after.state;
      }
    }),
    { numRuns: 25 },
  );
});

/** Does what is asked with the newest claim there was; refusals are part of the game, faults are not. */
function actorOn(jobId: string, modelId: string): (action: string) => Promise<void> {
  let claim: Awaited<ReturnType<typeof claimJob>> = null;
  let scales = 0;
  const error = { code: 'internal', title: 'x', detail: 'y', retryable: true };
  const actions: Record<string, () => Promise<unknown>> = {
    claim: async () => {
      claim = (await claimJob(server.db, { jobId, workerId: WORKER_ID, leaseMs: 60_000 })) ?? claim;
    },
    handBack: async () => claim && handBackJob(server.db, claim),
    scale: async () => {
      if (claim === null || scales === 2) return;
      await recordScale(server.db, claim, newScale(modelId, scales));
      scales++;
    },
    succeed: async () => claim && scales === 2 && finishJob(server.db, claim, { state: 'succeeded' }),
    fail: async () => claim && finishJob(server.db, claim, { state: 'failed', error }),
    'end canceled': async () => claim && finishJob(server.db, claim, { state: 'canceled' }),
    cancel: () => requestCancel(server.db, jobId),
    retry: () => retryJob(server.db, jobId),
  };
  return async (action) => {
    try {
      await actions[action]?.();
    } catch (fault) {
      expect(['lease.lost', 'job.not_retryable']).toContain((fault as { code: string }).code);
    }
  };
}
