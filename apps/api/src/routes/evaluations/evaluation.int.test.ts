import {
  type Evaluation,
  type EvaluationScores,
  type Job,
  type Model,
  modelSchema,
  type Problem,
} from '@singan/contracts';
import { hillsPicture } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedJob, expectRefusal, readyModel } from '../../testing/manipulations.ts';
import { makeModel, postJson, send, TINY_CONFIG } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { finishEvaluation, finishTraining, SIFID } from '../../testing/work.ts';

let api: TestApi;
let model: Model;
beforeAll(async () => {
  api = await startApi();
  model = await readyModel(api);
});
afterAll(() => api.close());

const evaluate = <T = { job: Job }>(body: object, of = model) => postJson<T>(api, of.links.evaluations, body);

function scoresOf(mean: number): EvaluationScores {
  const spread = { mean, median: mean, std: 0, values: [mean, mean] };
  const sifid = { conv2d_2b: spread, conv2d_4a: spread };
  return { version: 1, weights: 'test', inputRange: [0, 1], sifid, diversity: 0.5, copyScore: spread, samples: 2 };
}

async function evaluated(of: Model, body: object, scores: EvaluationScores): Promise<Job> {
  const job = acceptedJob(await evaluate(body, of));
  await finishEvaluation(api, job.id, scores);
  return (await send<Job>(api, job.links.self)).body;
}

/** A trained model of a picture of this size. */
async function modelOf(width: number, height: number): Promise<Model> {
  const picture = await hillsPicture({ width, height, seed: 1 });
  const { model: made, job } = await makeModel(api, { image: picture, config: TINY_CONFIG });
  await finishTraining(api, job.id);
  return made;
}

test('an evaluation becomes a job with all defaults filled in', async () => {
  const job = acceptedJob(await evaluate({}));
  expect(job).toMatchObject({ kind: 'evaluate', state: 'queued', inputs: [], outputs: [], evaluation: null });
  expect(job.input).toEqual({
    samples: 50,
    startScale: 0,
    metrics: ['sifid', 'diversity', 'copyScore'],
    seed: expect.any(Number),
  });
});

test('what is asked for is kept, with the start scale as an index', async () => {
  const job = acceptedJob(await evaluate({ samples: 2, startScale: -1, metrics: ['diversity'], seed: 0 }));
  expect(job.input).toEqual({ samples: 2, startScale: 2, metrics: ['diversity'], seed: 0 });
});

test('what was found is in the job, in the model for each start scale, and in the list, newest first', async () => {
  const own = await readyModel(api);
  const jobs = [
    await evaluated(own, { startScale: 1, seed: 3 }, scoresOf(1)),
    await evaluated(own, { startScale: 0, seed: 4 }, scoresOf(2)),
    await evaluated(own, { startScale: 1, seed: 5 }, scoresOf(3)),
  ];
  expect(jobs[0]).toMatchObject({
    state: 'succeeded',
    evaluation: {
      ...scoresOf(1),
      modelId: own.id,
      jobId: jobs[0]?.id,
      startScale: 1,
      seed: 3,
      links: { job: jobs[0]?.links.self },
    },
  });
  const found = jobs.map(({ evaluation }) => evaluation);
  const read = modelSchema.parse((await send(api, own.links.self)).body);
  expect(read.evaluations).toEqual([found[1], found[2]]);
  const list = (path: string) => send<{ data: Evaluation[]; nextCursor: string | null }>(api, path);
  const first = (await list(`${own.links.evaluations}?limit=2`)).body;
  expect(first.data).toEqual([found[2], found[1]]);
  const second = (await list(`${own.links.evaluations}?limit=2&cursor=${first.nextCursor}`)).body;
  expect(second).toEqual({ data: [found[0]], nextCursor: null });
});

test('a model that was never evaluated says so by an empty list', async () => {
  const own = await readyModel(api);
  expect((await send<Model>(api, own.links.self)).body.evaluations).toEqual([]);
  expect((await send(api, own.links.evaluations)).body).toEqual({ data: [], nextCursor: null });
});

test('each scale tells how close it came', async () => {
  const { body } = await send<Model>(api, model.links.self);
  expect(body.scales?.map(({ sifid }) => sifid)).toEqual([SIFID, SIFID, SIFID]);
  const scales = await send<{ data: unknown[] }>(api, model.links.scales);
  expect(scales.body.data).toEqual(body.scales);
});

test('the same request under one Idempotency-Key is one job', async () => {
  const headers = { 'idempotency-key': 'evaluate-once' };
  const request = () => postJson<{ job: Job }>(api, model.links.evaluations, { samples: 3 }, headers);
  const [first, second] = [await request(), await request()];
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
});

describe('POST /models/:id/evaluations refuses, and keeps nothing of it', () => {
  test.each([
    [{ samples: 0 }, 'request.field_invalid', /samples must be at least 2, got 0/],
    [{ samples: 1 }, 'request.field_invalid', /samples must be at least 2, got 1/],
    [{ samples: 1000 }, 'request.field_invalid', /samples must be at most 100, got 1000/],
    [{ samples: 2.5 }, 'request.field_invalid', /samples must be a whole number, got 2.5/],
    [{ metrics: ['fid'] }, 'request.field_invalid', /must be one of sifid, diversity, copyScore, got "fid"/],
    [{ metrics: [] }, 'request.field_invalid', /metrics must be at least 1 items long/],
    [{ metrics: ['sifid', 'sifid'] }, 'request.field_invalid', /metrics is not valid: name each metric once/],
    [{ startScale: 3 }, 'sample.start_scale', /0 \(coarsest\) to 2 \(finest\).*, got 3/],
    [{ startScale: 'all' }, 'request.field_invalid', /startScale must be a number, got "all"/],
    [{ seed: -1 }, 'request.field_invalid', /seed must be at least 0/],
    [{ count: 50 }, 'request.field_invalid', /"count"; allowed here: samples, startScale, metrics, seed, webhook/],
  ])('%j', async (body, code, sentence) => {
    await expectRefusal(api, () => evaluate<Problem>(body), { code, sentence });
  });

  test('SIFID of a picture that is too small for its features, but not the other scores', async () => {
    const flat = await modelOf(40, 18);
    const sentence = /conv2d_4a.*at least 23x19 or 19x23, got 40x18.*\["diversity", "copyScore"\]/;
    const code = 'evaluation.image_too_small';
    await expectRefusal(api, () => evaluate<Problem>({ metrics: ['sifid'] }, flat), { code, sentence });
    acceptedJob(await evaluate({ metrics: ['diversity', 'copyScore'] }, flat));
  });

  test('a model in training', async () => {
    const fresh = await makeModel(api);
    const request = () => evaluate<Problem>({}, fresh.model);
    await expectRefusal(api, request, { status: 409, code: 'model.not_ready', sentence: /training job/ });
  });

  test('a model that does not exist', async () => {
    const request = () => postJson<Problem>(api, '/models/mdl_01J00000000000000000000000/evaluations', {});
    await expectRefusal(api, request, { status: 404, code: 'model.not_found', sentence: /does not exist/ });
  });
});
