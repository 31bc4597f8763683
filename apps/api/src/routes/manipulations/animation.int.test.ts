import type { Job, Model, Problem } from '@singan/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedJob, expectRefusal, GROWING, readyModel } from '../../testing/manipulations.ts';
import { makeModel, postForm, postJson } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let model: Model;
beforeAll(async () => {
  api = await startApi();
  model = await readyModel(api, { purpose: 'animation' });
});
afterAll(() => api.close());

const animate = <T = { job: Job }>(body: object) => postJson<T>(api, model.links.animations, body);

test('an animation becomes a job with all defaults filled in', async () => {
  const job = acceptedJob(await animate({}));
  expect(job).toMatchObject({ kind: 'animate', state: 'queued', inputs: [], outputs: [] });
  expect(job.input).toEqual({
    startScale: 0,
    startScales: [0],
    alpha: 0.1,
    beta: 0.9,
    frames: 100,
    fps: 10,
    loop: false,
    superResolution: null,
    format: 'webp',
    seed: expect.any(Number),
  });
});

test('every scale may start to move, the coarsest too', async () => {
  expect(acceptedJob(await animate({ startScale: 0, loop: true })).input).toMatchObject({
    startScales: [0],
    loop: true,
  });
  expect(acceptedJob(await animate({ startScale: 'all', frames: 10 })).input).toMatchObject({ startScales: [0, 1, 2] });
});

test('a general model can be animated too', async () => {
  const general = await readyModel(api);
  acceptedJob(await postJson(api, general.links.animations, { format: 'gif' }));
});

test('frames can be enlarged by a factor', async () => {
  const superResolution = { factor: 2.5 };
  expect(acceptedJob(await animate({ superResolution })).input).toMatchObject({ superResolution, frames: 100 });
});

test('MP4 is made where ffmpeg is', async () => {
  const own = await startApi({}, undefined, { canWriteMp4: async () => true });
  try {
    const { links } = await readyModel(own);
    expect(acceptedJob(await postJson(own, links.animations, { format: 'mp4' })).input).toMatchObject({
      format: 'mp4',
    });
  } finally {
    await own.close();
  }
});

describe('POST /models/:id/animations refuses, and keeps nothing of it', () => {
  test.each([
    [{ frames: 100_000 }, 'request.field_invalid', /frames must be at most 1000, got 100000/],
    [{ frames: 1000 }, 'animation.too_large', /1000 frames of 40x30: at most 833 frames fit/],
    [{ frames: 300, startScale: 'all' }, 'animation.too_large', /each of 3 start scales: at most 277 frames fit/],
    // 40x30 px enlarged by 4 are 160x120 px.
    [
      { frames: 100, superResolution: { factor: 4 } },
      'animation.too_large',
      /100 frames of 160x120: at most 52 frames fit/,
    ],
    [{ superResolution: { factor: 1 } }, 'request.field_invalid', /factor must be more than 1, got 1/],
    [{ superResolution: { factor: 99 } }, 'request.field_invalid', /factor must be at most 8, got 99/],
    [{ superResolution: {} }, 'request.field_invalid', /factor must be a number, but it is missing/],
    [{ superResolution: 4 }, 'request.field_invalid', /superResolution must be an object/],
    [{ format: 'mp4' }, 'animation.mp4_unavailable', /ffmpeg.*webp or gif/],
    [{ format: 'avi' }, 'request.field_invalid', /format must be one of webp, gif, mp4/],
    [{ alpha: -0.1 }, 'request.field_invalid', /alpha must be at least 0/],
    [{ beta: 2 }, 'request.field_invalid', /beta must be at most 1/],
    [{ fps: 51 }, 'request.field_invalid', /fps must be at most 50/],
    [{ startScale: 3 }, 'sample.start_scale', /got 3/],
    [{ speed: 2 }, 'request.field_invalid', /"speed"; allowed here: startScale, alpha, beta, frames/],
  ])('%j', async (body, code, sentence) => {
    await expectRefusal(api, () => animate<Problem>(body), { code, sentence });
  });

  test('frames that are each larger than a picture may be, with the factor that fits', async () => {
    const own = await startApi({ sampleMaxPixels: 10_000 });
    try {
      const { links } = await readyModel(own);
      const body = { frames: 2, superResolution: { factor: 8 } };
      const request = () => postJson<Problem>(own, links.animations, body);
      await expectRefusal(own, request, { code: 'sample.too_large', sentence: /largest factor that fits is 2\.8/ });
    } finally {
      await own.close();
    }
  });

  test('enlarged frames of a model whose stages were trained together, saying how to train one', async () => {
    const growing = await readyModel(api, GROWING);
    const request = () => postJson<Problem>(api, growing.links.animations, { superResolution: { factor: 2 } });
    const sentence = /superResolution of an animation needs .* scheme concurrent\. Train one .*"scheme": "sequential"/;
    await expectRefusal(api, request, { status: 409, code: 'model.wrong_purpose', sentence });
    acceptedJob(await postJson(api, growing.links.animations, {}));
  });

  test('a form', async () => {
    const request = () => postForm<Problem>(api, model.links.animations, { frames: '10' });
    const refusal = { status: 415, code: 'request.unsupported_media_type', sentence: /application\/json/ };
    await expectRefusal(api, request, refusal);
  });

  test('a model in training', async () => {
    const fresh = await makeModel(api);
    const request = () => postJson<Problem>(api, fresh.model.links.animations, {});
    await expectRefusal(api, request, { status: 409, code: 'model.not_ready', sentence: /training job/ });
  });
});
