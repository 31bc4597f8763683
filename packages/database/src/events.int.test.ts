import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModel } from './create-model.ts';
import { readEvents } from './events.ts';
import { createJob, getJob, requestCancel, retryJob } from './jobs.ts';
import { finishJob, handBackJob } from './leases.ts';
import { recordScale } from './record-scale.ts';
import { recordEngine, recordLog, recordOutputs, recordProgress } from './record-work.ts';
import {
  createClaimed,
  mustClaim,
  newArtifact,
  newId,
  newModel,
  newScale,
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

const PROGRESS = { scale: 0, scales: 2, iteration: 3, iterations: 6, fraction: 0.25, etaSeconds: 3, losses: null };
const eventsOf = async (jobId: string, after = 0) =>
  (await readEvents(server.db, jobId, after)).map(({ event }) => event);

test('events are read in the order in which they happened, without gaps, from any number on', async () => {
  const { model, job } = await createModel(server.db, newModel());
  await handBackJob(server.db, await mustClaim(server.db, job.id));
  const claim = await mustClaim(server.db, job.id);
  const scale = newScale(model.id, 0);
  await recordScale(server.db, claim, scale);
  await recordLog(server.db, claim, 'warn', 'slow');
  await finishJob(server.db, claim, { state: 'canceled' });
  const preview = (artifact: string | undefined, kind: string) => ({
    type: 'preview',
    scale: 0,
    artifact,
    kind,
    links: { content: `/artifacts/${artifact}/content` },
  });
  expect(await eventsOf(job.id)).toEqual([
    { type: 'state', state: 'queued', attempt: 0 },
    { type: 'state', state: 'running', attempt: 1 },
    { type: 'state', state: 'queued', attempt: 1 },
    { type: 'state', state: 'running', attempt: 2 },
    preview(scale.artifacts[0]?.id, 'reconstruction'),
    preview(scale.artifacts[1]?.id, 'scale-sample'),
    { type: 'log', level: 'warn', message: 'slow' },
    { type: 'state', state: 'canceled', attempt: 2 },
    { type: 'done', state: 'canceled', error: null },
  ]);
  expect((await readEvents(server.db, job.id, 6)).map(({ seq }) => seq)).toEqual([7, 8, 9]);
  expect(await getJob(server.db, job.id)).toMatchObject({ eventSeq: 9 });
});

test('events written at the same time get numbers of their own', async () => {
  const { claim, job } = await createClaimed(server.db);
  const messages = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  await Promise.all(messages.map((message) => recordLog(server.db, claim, 'info', message)));
  const events = await readEvents(server.db, job.id, 2);
  expect(events.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 3));
  expect(events.map(({ event }) => (event.type === 'log' ? event.message : '')).sort()).toEqual([...messages].sort());
});

test('a retried job has one done event, its last', async () => {
  const { job } = await createModel(server.db, newModel());
  await requestCancel(server.db, job.id);
  await retryJob(server.db, job.id);
  expect((await eventsOf(job.id)).map(({ type }) => type)).toEqual(['state', 'state', 'state']);
  await requestCancel(server.db, job.id);
  const events = await eventsOf(job.id);
  expect(events.at(-1)).toMatchObject({ type: 'done', state: 'canceled' });
  expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
});

test('a retry forgets the error and goes on counting attempts', async () => {
  const { claim, job } = await createClaimed(server.db);
  const error = { code: 'engine.crashed', title: 'x', detail: 'y', retryable: true };
  await finishJob(server.db, claim, { state: 'failed', error });
  expect(await getJob(server.db, job.id)).toMatchObject({ state: 'failed', error });
  await retryJob(server.db, job.id);
  expect(await getJob(server.db, job.id)).toMatchObject({
    state: 'queued',
    error: null,
    startedAt: null,
    finishedAt: null,
    attempts: 1,
  });
  expect(await mustClaim(server.db, job.id)).toMatchObject({ attempt: 2, token: 2n });
});

test('only the newest progress is kept, and no event tells of it', async () => {
  const { claim, job } = await createClaimed(server.db);
  await recordEngine(server.db, claim, { engine: 'wasm', isa: 'wasm-simd', threads: 2, device: 'cpu' });
  await recordProgress(server.db, claim, PROGRESS);
  await recordProgress(server.db, claim, { ...PROGRESS, iteration: 4 });
  expect(await getJob(server.db, job.id)).toMatchObject({
    progress: { ...PROGRESS, iteration: 4 },
    metrics: {
      engine: 'wasm',
      isa: 'wasm-simd',
      threads: 2,
      device: 'cpu',
      queuedSeconds: expect.any(Number),
      runSeconds: null,
    },
  });
  expect(await eventsOf(job.id)).toHaveLength(2);
});

test('progress is announced to a webhook that asked for it, at most every half second', async () => {
  const { claim, job } = await createClaimed(server.db, { webhook: webhookFor('job.progress') });
  const announced = async () =>
    (await server.sql.query('SELECT payload FROM webhook_deliveries WHERE job_id = $1', [job.id])).rows;
  await recordProgress(server.db, claim, PROGRESS);
  await server.sql.query(`UPDATE jobs SET progress_announced_at = now() + interval '1 hour' WHERE id = $1`, [job.id]);
  await recordProgress(server.db, claim, PROGRESS);
  expect(await announced()).toMatchObject([{ payload: { data: { progress: { fraction: 0.25, etaSeconds: 3 } } } }]);
  await server.sql.query(`UPDATE jobs SET progress_announced_at = now() - interval '1 second' WHERE id = $1`, [job.id]);
  await recordProgress(server.db, claim, PROGRESS);
  expect(await announced()).toHaveLength(2);
});

test('pictures of an earlier attempt stay, and those drawn again are given back to be deleted', async () => {
  const { model } = await createModel(server.db, newModel());
  const input = { jobId: newId('job'), kind: 'sample', modelId: model.id, input: SAMPLE_INPUT, webhook: null } as const;
  const { id } = await createJob(server.db, input);
  const draw = (index: number) => newArtifact(model.id, { index, seed: 4294967295 });
  const sheet = newArtifact(model.id, { kind: 'contact-sheet' });
  const first = [draw(0), draw(1)];
  const claim = await mustClaim(server.db, id);
  expect(await recordOutputs(server.db, claim, first)).toEqual([]);
  expect(await recordOutputs(server.db, claim, first)).toEqual([]);
  await handBackJob(server.db, claim);
  const second = [draw(1), draw(2), sheet];
  expect(await recordOutputs(server.db, await mustClaim(server.db, id), second)).toEqual([second[0]?.key]);
  const job = await getJob(server.db, id);
  expect(job?.outputs.map((output) => output.id)).toEqual([first[0]?.id, first[1]?.id, second[1]?.id, sheet.id]);
  expect(job?.outputs[0]).toMatchObject({ seed: 4294967295, index: 0, kind: 'sample' });
  expect((await eventsOf(id)).filter(({ type }) => type === 'preview')).toHaveLength(3);
});
