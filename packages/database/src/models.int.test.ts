import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getArtifact } from './artifacts.ts';
import { claimJob } from './claim-job.ts';
import { createModel } from './create-model.ts';
import { createJob, getJob, jobPosition, listJobs, requestCancel, retryJob } from './jobs.ts';
import { finishJob, renewLease } from './leases.ts';
import {
  deleteModel,
  getModel,
  getModelWithScales,
  listModels,
  newestCheckpoints,
  purgeModel,
  scaleFiles,
} from './models.ts';
import { relayOutbox } from './outbox.ts';
import { recordScale } from './record-scale.ts';
import { recordCheckpoint } from './record-work.ts';
import {
  createClaimed,
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

const sampleOf = (modelId: string) =>
  createJob(server.db, { jobId: newId('job'), kind: 'sample', modelId, input: SAMPLE_INPUT, webhook: null });

test('a created model is read back as it was given', async () => {
  const wanted = newModel();
  const { model, job } = await createModel(server.db, wanted);
  expect(model).toMatchObject({
    id: wanted.modelId,
    name: 'balloons',
    metadata: { album: 'summer' },
    state: 'queued',
    config: wanted.config,
    source: wanted.source,
    working: { width: 40, height: 30 },
    pyramid: wanted.pyramid,
    scalesDone: 0,
    trainingJobId: wanted.jobId,
    sourceArtifactId: wanted.sourceArtifact.id,
    readyAt: null,
  });
  expect(job).toMatchObject({ kind: 'train', state: 'queued', input: wanted.config, outputs: [], attempts: 0 });
  expect(await getModel(server.db, model.id)).toEqual(model);
  expect(await getArtifact(server.db, model.sourceArtifactId)).toMatchObject({
    kind: 'source',
    jobId: null,
    sizeBytes: 1234,
  });
});

test('a model that cannot be written leaves nothing behind', async () => {
  const { model } = await createModel(server.db, newModel());
  const clash = newModel({ sourceArtifact: newArtifact(model.id, { id: model.sourceArtifactId, kind: 'source' }) });
  await expect(createModel(server.db, clash)).rejects.toMatchObject({ code: 'internal' });
  expect(await getModel(server.db, clash.modelId)).toBeNull();
  expect(await getJob(server.db, clash.jobId)).toBeNull();
});

test('finished scales come with their files and pictures, coarsest first', async () => {
  const { claim, model } = await createClaimed(server.db);
  const scales = [newScale(model.id, 0), newScale(model.id, 1)] as const;
  for (const scale of scales) await recordScale(server.db, claim, scale);
  const read = await getModelWithScales(server.db, model.id);
  expect(read?.model.scalesDone).toBe(2);
  expect(read?.scales).toMatchObject(
    scales.map(({ index, file, losses, sifid, artifacts }) => ({
      index,
      file,
      losses,
      sifid,
      reconstructionArtifactId: artifacts[0]?.id,
      sampleArtifactId: artifacts[1]?.id,
    })),
  );
  expect(await scaleFiles(server.db, model.id)).toEqual(scales.map(({ index, file }) => ({ scale: index, ...file })));
});

test('a scale recorded again, because the answer was lost, is there once; one out of turn is refused', async () => {
  const { claim, model } = await createClaimed(server.db);
  const scale = newScale(model.id, 0);
  await expect(recordScale(server.db, claim, newScale(model.id, 1))).rejects.toMatchObject({ code: 'internal' });
  await recordScale(server.db, claim, scale);
  expect(await recordScale(server.db, claim, scale)).toEqual([]);
  const other = newScale(model.id, 0);
  expect(await recordScale(server.db, claim, other)).toEqual([
    other.file.key,
    ...other.artifacts.map(({ key }) => key),
  ]);
  expect(await getModel(server.db, model.id)).toMatchObject({ scalesDone: 1 });
  expect((await getJob(server.db, claim.job.id))?.outputs).toHaveLength(2);
});

test('the two newest checkpoints are kept, newest first, until their scale is finished', async () => {
  const { claim, model } = await createClaimed(server.db);
  const made = [2, 4, 3].map((iteration) => newCheckpoint(model.id, { scale: 0, iteration }));
  const removed: string[][] = [];
  for (const checkpoint of made) removed.push(await recordCheckpoint(server.db, claim, checkpoint));
  expect(removed).toEqual([[], [], [made[0]?.key]]);
  expect(await newestCheckpoints(server.db, model.id, 0)).toEqual([made[2], made[1]]);
  const unneeded = await recordScale(server.db, claim, newScale(model.id, 0));
  expect(unneeded.sort()).toEqual([made[1]?.key, made[2]?.key].sort());
  expect(await newestCheckpoints(server.db, model.id, 0)).toEqual([]);
});

test('pages neither repeat nor miss a row while others are inserted', async () => {
  const before = new Set<string>();
  for (let i = 0; i < 9; i++) before.add((await createModel(server.db, newModel())).model.id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listModels(server.db, { limit: 4, cursor });
    seen.push(...page.data.map(({ id }) => id));
    await createModel(server.db, newModel());
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect([...before].filter((id) => !seen.includes(id))).toEqual([]);
  expect(seen).toEqual([...seen].sort().reverse());
});

test('lists filter, and refuse a cursor of another list', async () => {
  const { model, job } = await createModel(server.db, newModel());
  const sample = await sampleOf(model.id);
  const ids = async (query: object) =>
    (await listJobs(server.db, { limit: 10, modelId: model.id, ...query })).data.map(({ id }) => id);
  expect(await ids({})).toEqual([sample.id, job.id].sort().reverse());
  expect(await ids({ kind: 'sample' })).toEqual([sample.id]);
  expect(await ids({ state: 'running' })).toEqual([]);
  const cursor = Buffer.from(model.id).toString('base64url');
  await expect(listJobs(server.db, { limit: 10, cursor })).rejects.toMatchObject({ code: 'request.field_invalid' });
});

test('the position in the queue counts those of the same queue that came before', async () => {
  const first = await createModel(server.db, newModel());
  const second = await createModel(server.db, newModel());
  const before = (await jobPosition(server.db, first.job)) ?? 0;
  expect(before).toBeGreaterThan(0);
  expect(await jobPosition(server.db, second.job)).toBe(before + 1);
  expect(await jobPosition(server.db, await sampleOf(first.model.id))).toBeGreaterThan(0);
  await requestCancel(server.db, first.job.id);
  expect(await jobPosition(server.db, first.job)).toBeNull();
  expect(await jobPosition(server.db, second.job)).toBe(before);
  await retryJob(server.db, first.job.id);
  expect(await jobPosition(server.db, first.job)).toBe(before + 1);
});

test('a cancel is idempotent, and a succeeded job can be neither canceled nor retried', async () => {
  const { model } = await createClaimed(server.db);
  const { id } = await sampleOf(model.id);
  const claim = await claimJob(server.db, { jobId: id, workerId: WORKER_ID, leaseMs: 60_000 });
  if (claim === null) throw new Error('not claimed');
  await requestCancel(server.db, id);
  expect(await requestCancel(server.db, id)).toMatchObject({ state: 'running', cancelRequested: true });
  await finishJob(server.db, claim, { state: 'succeeded' });
  expect(await requestCancel(server.db, id)).toMatchObject({ state: 'succeeded' });
  await expect(retryJob(server.db, id)).rejects.toMatchObject({ code: 'job.not_retryable' });
  await expect(requestCancel(server.db, newId('job'))).rejects.toMatchObject({ code: 'job.not_found' });
});

test('a deleted model is gone for readers at once, its queued jobs are canceled and its running one is told', async () => {
  const { model, job, claim } = await createClaimed(server.db);
  const sample = await sampleOf(model.id);
  expect(await deleteModel(server.db, model.id)).toBe(true);
  expect(await deleteModel(server.db, model.id)).toBe(false);
  for (const gone of [getModel(server.db, model.id), getJob(server.db, job.id), getJob(server.db, sample.id)])
    expect(await gone).toBeNull();
  expect(await getArtifact(server.db, model.sourceArtifactId)).toBeNull();
  await expect(sampleOf(model.id)).rejects.toMatchObject({ code: 'model.not_found' });
  expect(await claimJob(server.db, { jobId: sample.id, workerId: WORKER_ID, leaseMs: 1000 })).toBeNull();
  expect(await renewLease(server.db, claim, 60_000)).toEqual({ isCancelRequested: true });
});

test('the rows of a deleted model are removed when its last job has ended, which asks for it', async () => {
  const { model, job, claim } = await createClaimed(server.db);
  expect(await purgeModel(server.db, model.id)).toBe('busy');
  await deleteModel(server.db, model.id);
  expect(await purgeModel(server.db, model.id)).toBe('busy');
  await finishJob(server.db, claim, { state: 'canceled' });
  const asked: string[] = [];
  const publish = async ({ messageId }: { messageId: string }) => void asked.push(messageId);
  while ((await relayOutbox(server.db, { limit: 100, publish })) > 0);
  expect(asked.filter((id) => id.startsWith(model.id))).toEqual([`${model.id}-1`, `${model.id}-2`]);
  expect(await purgeModel(server.db, model.id)).toBe('purged');
  expect(await purgeModel(server.db, model.id)).toBe('purged');
  const { rows } = await server.sql.query('SELECT 1 FROM job_events WHERE job_id = $1', [job.id]);
  expect(rows).toEqual([]);
});

test('a delete against a claim at the same moment leaves no job queued for ever', async () => {
  for (let round = 0; round < 15; round++) {
    const { model, job } = await createModel(server.db, newModel());
    const [claim] = await Promise.all([
      claimJob(server.db, { jobId: job.id, workerId: WORKER_ID, leaseMs: 60_000 }),
      deleteModel(server.db, model.id),
    ]);
    const { rows } = await server.sql.query('SELECT state, cancel_requested FROM jobs WHERE id = $1', [job.id]);
    const expected =
      claim === null ? { state: 'canceled', cancel_requested: false } : { state: 'running', cancel_requested: true };
    expect(rows).toEqual([expected]);
  }
});
