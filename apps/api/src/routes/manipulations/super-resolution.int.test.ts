import type { Job, Model, Problem } from '@singan/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedJob, expectRefusal, readyModel, storedInputs } from '../../testing/manipulations.ts';
import { flatPicture, withClaimedSize } from '../../testing/pictures.ts';
import { makeModel, postForm, postJson, send, TINY_CONFIG } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let model: Model;
beforeAll(async () => {
  api = await startApi();
  model = await readyModel(api, { purpose: 'super-resolution' });
});
afterAll(() => api.close());

const enlarge = <T = { job: Job }>(body: object) => postJson<T>(api, model.links.superResolutions, body);

test('a factor becomes a job; it may be another one than the model was trained for', async () => {
  const job = acceptedJob(await enlarge({ factor: 2.5, seed: 1 }));
  expect(job).toMatchObject({ kind: 'super-resolve', state: 'queued', inputs: [] });
  expect(job.input).toEqual({ factor: 2.5, seed: 1, format: 'png', adjustments: [] });
  expect(acceptedJob(await enlarge({ factor: 4 })).input).toHaveProperty('seed', expect.any(Number));
});

test('a form can bring the picture to compare with; another size than the result is told', async () => {
  const truth = await flatPicture(160, 120);
  const exact = acceptedJob(await postForm(api, model.links.superResolutions, { factor: '4', groundTruth: truth }));
  expect(exact.input).toMatchObject({ factor: 4, adjustments: [] });
  expect(exact.inputs).toMatchObject([{ kind: 'input-ground-truth', width: 160, height: 120 }]);
  expect(Object.keys(await storedInputs(api, exact))).toEqual(['input-ground-truth']);
  const larger = { factor: '2', groundTruth: truth };
  const other = acceptedJob(await postForm(api, model.links.superResolutions, larger));
  expect(other.input).toMatchObject({ adjustments: ['groundTruth resized from 160x120 to 80x60'] });
});

test('a form without a picture is as good as JSON', async () => {
  expect(acceptedJob(await postForm(api, model.links.superResolutions, { factor: '3' })).inputs).toEqual([]);
});

describe('POST /models/:id/super-resolutions refuses, and keeps nothing of it', () => {
  test.each([
    [{}, 'request.field_invalid', /factor must be a number, but it is missing/],
    [{ factor: 1 }, 'request.field_invalid', /factor must be more than 1, got 1/],
    [{ factor: 99 }, 'request.field_invalid', /factor must be at most 8, got 99/],
    [{ factor: '4' }, 'request.field_invalid', /factor must be a number, got "4"/],
    [{ factor: 4, startScale: 1 }, 'request.field_invalid', /"startScale"; allowed here: factor, seed, format/],
  ])('%j', async (body, code, sentence) => {
    await expectRefusal(api, () => enlarge<Problem>(body), { code, sentence });
  });

  test('a picture larger than the service draws, with the factor that fits', async () => {
    const own = await startApi({ sampleMaxPixels: 10_000 });
    try {
      const { links } = await readyModel(own, { purpose: 'super-resolution' });
      const request = () => postJson<Problem>(own, links.superResolutions, { factor: 8 });
      await expectRefusal(own, request, { code: 'sample.too_large', sentence: /largest factor that fits is 2\.8/ });
    } finally {
      await own.close();
    }
  });

  test('a form with an unknown part, or a bomb to compare with', async () => {
    const post = (parts: Record<string, unknown>) => () =>
      postForm<Problem>(api, model.links.superResolutions, { factor: '4', ...parts });
    const unknown = { code: 'request.field_invalid', sentence: /allowed: groundTruth, factor/ };
    await expectRefusal(api, post({ startScale: '1' }), unknown);
    const groundTruth = await withClaimedSize(16_000, 16_000);
    await expectRefusal(api, post({ groundTruth }), { code: 'image.too_many_pixels', sentence: /50000000/ });
  });

  test('JSON that is nested without end, before anything walks it', async () => {
    const body = `{"factor": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'deep' };
    const request = () => send<Problem>(api, model.links.superResolutions, { method: 'POST', body, headers });
    await expectRefusal(api, request, { status: 400, code: 'request.invalid', sentence: /8 levels deep/ });
  });

  test('a model trained for another purpose, saying how to train one', async () => {
    const general = await readyModel(api);
    const request = () => postJson<Problem>(api, general.links.superResolutions, { factor: 4 });
    const sentence = /purpose general.*POST \/models with config \{"purpose": "super-resolution"/;
    await expectRefusal(api, request, { status: 409, code: 'model.wrong_purpose', sentence });
  });

  test('a model in training', async () => {
    const config = { ...TINY_CONFIG, purpose: 'super-resolution' };
    const fresh = await makeModel(api, { config });
    const request = () => postJson<Problem>(api, fresh.model.links.superResolutions, { factor: 4 });
    await expectRefusal(api, request, { status: 409, code: 'model.not_ready', sentence: /training job/ });
  });
});
