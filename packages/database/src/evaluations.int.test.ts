import type { EvaluationScores } from '@singan/contracts';
import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEvaluations, newestEvaluations, recordEvaluation } from './evaluations.ts';
import { createJob, getJob } from './jobs.ts';
import { finishJob, handBackJob } from './leases.ts';
import { deleteModel, getModelWithScales, purgeModel } from './models.ts';
import { recordScale } from './record-scale.ts';
import {
  createClaimed,
  mustClaim,
  newId,
  newScale,
  newScores,
  openTestDatabase,
  type TestDatabase,
} from './test-support/fixtures.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

async function readyModel(): Promise<string> {
  const { claim, model } = await createClaimed(server.db);
  for (const index of [0, 1]) await recordScale(server.db, claim, newScale(model.id, index));
  await finishJob(server.db, claim, { state: 'succeeded' });
  return model.id;
}

async function claimEvaluation(modelId: string) {
  const job = await createJob(server.db, { jobId: newId('job'), kind: 'evaluate', modelId, input: {}, webhook: null });
  return mustClaim(server.db, job.id);
}

async function evaluate(modelId: string, startScale: number, scores: EvaluationScores = newScores()): Promise<string> {
  const claim = await claimEvaluation(modelId);
  const id = newId('evl');
  await recordEvaluation(server.db, claim, { id, startScale, seed: 2 ** 32 - 1, scores });
  await finishJob(server.db, claim, { state: 'succeeded' });
  return id;
}

test('an evaluation is read back as it was found, with its job and in the list of its model', async () => {
  const modelId = await readyModel();
  const claim = await claimEvaluation(modelId);
  expect((await getJob(server.db, claim.job.id))?.evaluation).toBeNull();
  const [id, scores] = [newId('evl'), newScores()];
  await recordEvaluation(server.db, claim, { id, startScale: 1, seed: 7, scores });
  const job = await getJob(server.db, claim.job.id);
  expect(job?.evaluation).toEqual({
    ...{ id, modelId, jobId: claim.job.id, startScale: 1, seed: 7, createdAt: expect.any(Date) },
    ...scores,
  });
  expect(await listEvaluations(server.db, { modelId, limit: 5 })).toEqual({
    data: [job?.evaluation],
    nextCursor: null,
  });
});

test.each([
  ['sifid', { diversity: null, copyScore: null }],
  ['diversity', { sifid: null, copyScore: null }],
  ['the copy score', { sifid: null, diversity: null }],
])('an evaluation by %s alone keeps the others empty', async (_, missing) => {
  const modelId = await readyModel();
  await evaluate(modelId, 0, newScores(missing));
  const { data } = await listEvaluations(server.db, { modelId, limit: 1 });
  expect(data[0]).toMatchObject(newScores(missing));
});

test('an evaluation without any score is refused by the database itself', async () => {
  const modelId = await readyModel();
  const nothing = newScores({ sifid: null, diversity: null, copyScore: null });
  await expect(evaluate(modelId, 0, nothing)).rejects.toMatchObject({ code: 'internal' });
});

test('recording again changes nothing, and a lease that was lost records nothing', async () => {
  const modelId = await readyModel();
  const claim = await claimEvaluation(modelId);
  const first = newId('evl');
  await recordEvaluation(server.db, claim, { id: first, startScale: 0, seed: 7, scores: newScores() });
  await recordEvaluation(server.db, claim, { id: newId('evl'), startScale: 0, seed: 7, scores: newScores() });
  const { data } = await listEvaluations(server.db, { modelId, limit: 5 });
  expect(data.map(({ id }) => id)).toEqual([first]);

  const lost = await claimEvaluation(modelId);
  await handBackJob(server.db, lost);
  const late = { id: newId('evl'), startScale: 0, seed: 7, scores: newScores() };
  await expect(recordEvaluation(server.db, lost, late)).rejects.toMatchObject({ code: 'lease.lost' });
  expect((await listEvaluations(server.db, { modelId, limit: 5 })).data).toHaveLength(1);
});

test('the list is newest first in pages; the newest of each start scale come coarsest first', async () => {
  const [modelId, other] = [await readyModel(), await readyModel()];
  const ids: string[] = [];
  for (const startScale of [1, 0, 1, 0, 1]) ids.push(await evaluate(modelId, startScale));
  await evaluate(other, 0);
  const first = await listEvaluations(server.db, { modelId, limit: 3 });
  const second = await listEvaluations(server.db, { modelId, limit: 3, cursor: first.nextCursor ?? '' });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual([...ids].reverse());
  expect(second.nextCursor).toBeNull();
  const newest = await newestEvaluations(server.db, modelId);
  expect(newest.map(({ startScale, id }) => [startScale, id])).toEqual([
    [0, ids[3]],
    [1, ids[4]],
  ]);
  await expect(listEvaluations(server.db, { modelId, limit: 3, cursor: 'x' })).rejects.toMatchObject({
    code: 'request.field_invalid',
  });
});

test('evaluations go with their model', async () => {
  const modelId = await readyModel();
  await evaluate(modelId, 0);
  await deleteModel(server.db, modelId);
  expect(await purgeModel(server.db, modelId)).toBe('purged');
  expect(await newestEvaluations(server.db, modelId)).toEqual([]);
});

test('a scale that was trained before its distances were measured has none', async () => {
  const modelId = await readyModel();
  await server.sql.query('UPDATE scales SET sifid = NULL WHERE model_id = $1 AND index = 0', [modelId]);
  const read = await getModelWithScales(server.db, modelId);
  expect(read?.scales.map(({ sifid }) => sifid)).toEqual([null, newScale(modelId, 1).sifid]);
});
