import { JOB_KINDS } from '@singan/domain';
import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getArtifact, jobInputs } from './artifacts.ts';
import type { Claim } from './claim-job.ts';
import { readEvents } from './events.ts';
import { createJob, getJob, jobPosition, type NewJob } from './jobs.ts';
import { finishJob } from './leases.ts';
import { jobCheckpoints, newestCheckpoints } from './models.ts';
import { queueStatus } from './queue-status.ts';
import { recordScale } from './record-scale.ts';
import { recordCheckpoint, recordOutputs } from './record-work.ts';
import {
  createClaimed,
  mustClaim,
  newArtifact,
  newCheckpoint,
  newId,
  newScale,
  openTestDatabase,
  type TestDatabase,
} from './test-support/fixtures.ts';

let server: TestDatabase;
let modelId: string;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
  modelId = (await readyModel()).model.id;
});
afterAll(() => server.close());

async function readyModel(): Promise<Claim> {
  const { claim, model } = await createClaimed(server.db);
  for (const index of [0, 1]) await recordScale(server.db, claim, newScale(model.id, index));
  await finishJob(server.db, claim, { state: 'succeeded' });
  return claim;
}

function create(o: Pick<NewJob, 'kind'> & Partial<NewJob>) {
  return createJob(server.db, { jobId: newId('job'), modelId, input: {}, webhook: null, ...o });
}

test('a job keeps the pictures it was given apart from those it made', async () => {
  const inputs = (['input-image', 'input-mask'] as const).map((kind) => newArtifact(modelId, { kind }));
  const job = await create({ kind: 'harmonize', inputs });
  expect([job.inputs.map(({ kind }) => kind), job.outputs]).toEqual([['input-image', 'input-mask'], []]);
  expect(await jobInputs(server.db, job.id)).toEqual(
    inputs.map(({ kind, key, sha256, sizeBytes }) => ({ kind, key, sha256, sizeBytes })),
  );
  const claim = await mustClaim(server.db, job.id);
  await recordOutputs(server.db, claim, [newArtifact(modelId, { kind: 'harmonization', index: 0 })]);
  await finishJob(server.db, claim, { state: 'succeeded' });
  const done = await getJob(server.db, job.id);
  expect(done?.inputs).toEqual(job.inputs);
  expect(done?.outputs.map(({ kind }) => kind)).toEqual(['harmonization']);
  expect(await getArtifact(server.db, inputs[0]?.id ?? '')).toMatchObject({ kind: 'input-image', jobId: job.id });
});

test('a job with a picture that cannot be recorded is not made at all', async () => {
  const jobId = newId('job');
  const elsewhere = newArtifact(newId('mdl'), { kind: 'input-image' });
  await expect(create({ jobId, kind: 'paint', inputs: [elsewhere] })).rejects.toMatchObject({ code: 'internal' });
  expect(await getJob(server.db, jobId)).toBeNull();
});

test('outputs of a sweep are kept each, in the order of their start scales, with what they tell of themselves', async () => {
  const job = await create({ kind: 'animate' });
  const claim = await mustClaim(server.db, job.id);
  const at = (startScale: number, index: number) =>
    newArtifact(modelId, { kind: 'animation', index, details: { startScale, frames: 10, fps: 12.5 } });
  const sheet = newArtifact(modelId, { kind: 'contact-sheet' });
  const outputs = [sheet, at(1, 1), at(0, 1), at(1, 0), at(0, 0)];
  expect(await recordOutputs(server.db, claim, outputs)).toEqual([]);
  const recorded = (await getJob(server.db, job.id))?.outputs ?? [];
  expect(recorded.map(({ index, details }) => [details.startScale, index])).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [undefined, null],
  ]);
  expect(recorded[0]?.details).toEqual({ startScale: 0, frames: 10, fps: 12.5 });
  const again = at(1, 1);
  expect(await recordOutputs(server.db, claim, [again])).toEqual([again.key]);
});

test('results are announced by previews, what only explains them is not', async () => {
  const job = await create({ kind: 'edit' });
  const claim = await mustClaim(server.db, job.id);
  const kinds = ['edit', 'edit-unmasked'] as const;
  await recordOutputs(
    server.db,
    claim,
    kinds.map((kind) => newArtifact(modelId, { kind, index: 0 })),
  );
  const previews = (await readEvents(server.db, job.id, 0)).filter(({ event }) => event.type === 'preview');
  expect(previews.map(({ event }) => event)).toMatchObject([{ kind: 'edit' }]);
});

test('a painting that retrains a scale waits with the trainings, everything else with the samples', async () => {
  const training = await create({ kind: 'paint', input: { quantize: { colours: 5 } } });
  const drawing = await create({ kind: 'paint', input: { quantize: null } });
  const { rows } = await server.sql.query('SELECT subject_id, topic FROM outbox WHERE subject_id = ANY($1)', [
    [training.id, drawing.id],
  ]);
  expect(Object.fromEntries(rows.map(({ subject_id, topic }) => [subject_id, topic]))).toEqual({
    [training.id]: 'training',
    [drawing.id]: 'generation',
  });
  expect(await jobPosition(server.db, training)).toBe(1);
  const { queues } = await queueStatus(server.db);
  expect(queues.find(({ name }) => name === 'training')?.counts.queued).toBe(1);
});

test('every kind of job can be written, and is drawn before those of other kinds that came later', async () => {
  const kinds = JOB_KINDS.filter((kind) => kind !== 'train');
  const jobs = [];
  for (const kind of kinds) jobs.push(await create({ kind }));
  const positions = await Promise.all(jobs.map((job) => jobPosition(server.db, job)));
  const first = Number(positions[0]);
  expect(positions).toEqual(kinds.map((_, index) => first + index));
});

test('checkpoints belong to their job, and go when its outputs are recorded', async () => {
  const jobs = [await create({ kind: 'paint' }), await create({ kind: 'paint' })];
  const claims = await Promise.all(jobs.map(({ id }) => mustClaim(server.db, id)));
  const [mine, other] = claims as [Claim, Claim];
  const at = (iteration: number) => newCheckpoint(modelId, { scale: 1, iteration });
  const checkpoints = [at(1), at(2), at(3)];
  const theirs = at(9);
  await recordCheckpoint(server.db, other, theirs);
  const removed = [];
  for (const checkpoint of checkpoints) removed.push(...(await recordCheckpoint(server.db, mine, checkpoint)));
  expect(removed).toEqual([checkpoints[0]?.key]);
  expect(await jobCheckpoints(server.db, mine.job.id)).toEqual([checkpoints[2], checkpoints[1]]);
  expect(await newestCheckpoints(server.db, modelId, 1)).toEqual([]);
  const unneeded = await recordOutputs(server.db, mine, [newArtifact(modelId, { kind: 'painting', index: 0 })]);
  expect(unneeded.sort()).toEqual([checkpoints[1]?.key, checkpoints[2]?.key].sort());
  expect(await jobCheckpoints(server.db, mine.job.id)).toEqual([]);
  expect(await jobCheckpoints(server.db, other.job.id)).toEqual([theirs]);
});
