import type { Job, Model, Problem } from '@singan/contracts';
import { finishJob, recordOutputs } from '@singan/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeModel, postJson, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { claim, finishScale, finishTraining, storePicture } from '../../testing/work.ts';

let api: TestApi;
let model: Model;
let trainingJob: Job;
beforeAll(async () => {
  api = await startApi();
  ({ model, job: trainingJob } = await makeModel(api));
  await finishScale(api, await claim(api, trainingJob.id), 0);
});
afterAll(() => api.close());

test('a model without a trained scale cannot be drawn from yet; the answer says what to wait for', async () => {
  const fresh = await makeModel(api);
  const { status, body } = await postJson<Problem>(api, fresh.model.links.samples, {});
  expect([status, body.code]).toEqual([409, 'model.not_ready']);
  expect(body.detail).toContain(fresh.job.id);
});

test('a model still in training is drawn from with the scales done so far', async () => {
  const { status, headers, body } = await postJson<{ job: Job }>(api, model.links.samples, { count: 2 });
  expect(status).toBe(202);
  expect(headers.get('location')).toBe(body.job.links.self);
  expect(body.job).toMatchObject({ kind: 'sample', state: 'queued', modelId: model.id });
  expect((await send<Job>(api, body.job.links.self)).body.position).toBeGreaterThan(0);
  expect(body.job.input).toMatchObject({
    count: 2,
    startScale: 0,
    startScales: [0],
    format: 'png',
    seed: expect.any(Number),
  });
});

describe('a start scale', () => {
  test('may be counted from the finest, or be all that there are: a sweep', async () => {
    const { model: trained, job } = await makeModel(api);
    await finishTraining(api, job.id);
    const draw = async (startScale: number | 'all') =>
      (await postJson<{ job: Job }>(api, trained.links.samples, { startScale })).body.job.input;
    expect(await draw(-1)).toMatchObject({ startScale: -1, startScales: [2] });
    expect(await draw('all')).toMatchObject({ startScale: 'all', startScales: [0, 1, 2] });
    expect(await draw(1)).toMatchObject({ startScale: 1, startScales: [1] });
  });

  test('all, with more pictures than a job may draw, is refused with how many fit', async () => {
    const { model: trained, job } = await makeModel(api);
    await finishTraining(api, job.id);
    const answer = await postJson<Problem>(api, trained.links.samples, { startScale: 'all', count: 22 });
    expect([answer.status, answer.body.code]).toEqual([422, 'request.field_invalid']);
    expect(answer.body.detail).toMatch(/count must be at most 21, got 22/);
  });
});

describe('POST /models/:id/samples refuses, and keeps nothing of it', () => {
  test.each([
    [{ count: 1000 }, 'request.field_invalid', /count must be at most 64, got 1000/],
    [{ startScale: 1 }, 'sample.start_scale', /startScale/],
    [{ startScale: -2 }, 'sample.start_scale', /-1 to -1 counted from the finest/],
    [{ startScale: 'every' }, 'request.field_invalid', /startScale must be a whole number.*"all", got "every"/],
    [{ width: 16_000, height: 16_000 }, 'sample.too_large', /at most 4000000 pixels/],
    [{ width: 100, scaleX: 2 }, 'request.field_invalid', /give width or scaleX, not both/],
    [{ colour: 'red' }, 'request.field_invalid', /"colour"; allowed here: count, startScale/],
    [{ seed: 2 ** 32 }, 'request.field_invalid', /seed must be at most 4294967295/],
  ])('%j', async (body, code, sentence) => {
    const before = await api.traces();
    const answer = await postJson<Problem>(api, model.links.samples, body);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(answer.body.detail).toMatch(sentence);
    expect(await api.traces()).toEqual(before);
  });

  test('a body that is not JSON, or not said to be', async () => {
    const init = { method: 'POST', body: '{"count": ', headers: { 'content-type': 'application/json' } };
    const broken = await send<Problem>(api, model.links.samples, init);
    expect([broken.status, broken.body.code]).toEqual([400, 'request.invalid']);
    const text = await send<Problem>(api, model.links.samples, { method: 'POST', body: 'count=1' });
    expect([text.status, text.body.code]).toEqual([415, 'request.unsupported_media_type']);
  });

  test('a body over the limit', async () => {
    const { status, body } = await postJson<Problem>(api, model.links.samples, { format: 'x'.repeat(100_000) });
    expect([status, body.code]).toEqual([413, 'request.too_large']);
  });

  test('a model that does not exist', async () => {
    const { status, body } = await postJson<Problem>(api, '/models/mdl_01J0000000000000000000000A/samples', {});
    expect([status, body.code]).toEqual([404, 'model.not_found']);
  });
});

test('Prefer: wait answers 200 with the finished job as soon as it ends', async () => {
  const answer = postJson<{ job: Job }>(api, model.links.samples, { seed: 9 }, { prefer: 'wait=60' });
  const held = await claim(api, await newestSampleJob());
  const picture = await storePicture(api, held, { kind: 'sample', index: 0, seed: 9 });
  await recordOutputs(api.dependencies.database, held, [picture]);
  await finishJob(api.dependencies.database, held, { state: 'succeeded' });
  const { status, headers, body } = await answer;
  expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=60']);
  expect(body.job).toMatchObject({ state: 'succeeded', position: null });
  expect(body.job.outputs).toEqual([
    {
      artifact: picture.id,
      kind: 'sample',
      width: 40,
      height: 30,
      seed: 9,
      index: 0,
      links: { content: `/artifacts/${picture.id}/content` },
    },
  ]);
});

test('Prefer: wait answers 202 when the time is over first', async () => {
  const { status, body } = await postJson<{ job: Job }>(api, model.links.samples, {}, { prefer: 'wait=1' });
  expect([status, body.job.state]).toEqual([202, 'queued']);
});

/** The job that a waiting request has made: its answer is still to come, so the listener tells of it and the list says which it is. */
async function newestSampleJob(): Promise<string> {
  const { listener } = api.dependencies;
  let unsubscribe = (): void => {};
  const found = new Promise<string>((resolve) => {
    const look = async () => {
      const { body } = await send<{ data: Job[] }>(api, '/jobs?kind=sample&limit=1');
      const [job] = body.data;
      if (job !== undefined && Reflect.get(job.input, 'seed') === 9) resolve(job.id);
    };
    unsubscribe = listener.subscribe('*', look);
    look();
  });
  return await found.finally(() => unsubscribe());
}
