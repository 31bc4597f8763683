import type { Model, Problem } from '@singan/contracts';
import { DEFAULT_PRESET, PRESET_VALUES } from '@singan/plan';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flatPicture, UNUSUAL_PICTURES, withClaimedSize } from '../../testing/pictures.ts';
import { formOf, makeModel, postModel, send, TINY_CONFIG, tinyPicture } from '../../testing/requests.ts';
import { startApi, type TestApi, type Traces } from '../../testing/start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('POST /models refuses, and keeps nothing of it', () => {
  let before: Traces;
  beforeAll(async () => {
    before = await api.traces();
  });

  async function expectRefusal(form: FormData, status: number, code: string, sentence: RegExp): Promise<Problem> {
    const { status: got, headers, body } = await send<Problem>(api, '/models', { method: 'POST', body: form });
    expect([got, body.code, body.status], body.detail).toEqual([status, code, status]);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(body.detail).toMatch(sentence);
    expect(await api.traces()).toEqual(before);
    return body;
  }

  test('a form without a picture', async () => {
    await expectRefusal(formOf({ name: 'x' }), 422, 'image.missing', /-F image=@picture.jpg/);
  });

  test('a picture sent as a plain field', async () => {
    await expectRefusal(formOf({ image: 'text' }), 422, 'image.missing', /must be a file/);
  });

  test('two pictures', async () => {
    const form = formOf({ image: await tinyPicture() });
    form.append('image', new Blob([new Uint8Array(await tinyPicture())]), 'second.png');
    await expectRefusal(form, 422, 'image.duplicate', /one file part "image"/);
  });

  test('a picture of 0 bytes', async () => {
    await expectRefusal(formOf({ image: new Uint8Array(0) }), 422, 'image.empty', /0 bytes/);
  });

  test('text that is named .png', async () => {
    const image = Buffer.from('this is not a picture, whatever its name says');
    await expectRefusal(formOf({ image }), 415, 'image.unsupported_format', /PNG, JPEG/);
  });

  test('a JPEG that was cut off', async () => {
    const whole = await sharp(await tinyPicture())
      .jpeg()
      .toBuffer();
    const image = whole.subarray(0, Math.floor(whole.length / 2));
    await expectRefusal(formOf({ image }), 422, 'image.corrupt', /\w+ \w+/);
  });

  test('a picture of 20x20', async () => {
    await expectRefusal(formOf({ image: await flatPicture(20, 20) }), 422, 'image.too_small', /20/);
  });

  test('a picture of 10000x30', async () => {
    await expectRefusal(
      formOf({ image: await flatPicture(10_000, 30) }),
      422,
      'image.aspect_ratio',
      /10000|narrow|ratio/,
    );
  });

  test('a bomb of 16000x16000, by its header alone', async () => {
    const image = await withClaimedSize(16_000, 16_000);
    await expectRefusal(formOf({ image }), 422, 'image.too_many_pixels', /50000000|50 ?000 ?000|50,000,000/);
  });

  test('a file over the byte limit', async () => {
    const image = Buffer.alloc(3 * 2 ** 20, 1);
    await expectRefusal(formOf({ image }), 413, 'request.too_large', /at most 2097152 bytes/);
  });

  test('an unknown field of the config, naming the allowed ones', async () => {
    const form = formOf({ image: await tinyPicture(), config: { iteratons: 5 } });
    const { errors } = await expectRefusal(
      form,
      422,
      'request.field_invalid',
      /"iteratons"; allowed here: .*iterations/,
    );
    expect(errors?.[0]?.pointer).toBe('/config/iteratons');
  });

  test('iterations of -1', async () => {
    const form = formOf({ image: await tinyPicture(), config: { iterations: -1 } });
    const { errors } = await expectRefusal(form, 422, 'request.field_invalid', /at least 1, got -1/);
    expect(errors?.[0]?.pointer).toBe('/config/iterations');
  });

  test('values that contradict each other, pointing into the config', async () => {
    const form = formOf({ image: await tinyPicture(), config: { minSize: 128, maxSize: 40 } });
    const { errors } = await expectRefusal(form, 422, 'request.field_invalid', /minSize must not exceed maxSize/);
    expect(errors?.[0]?.pointer).toBe('/config/minSize');
  });

  test('a config that is not JSON', async () => {
    const form = formOf({ image: await tinyPicture(), config: '{"iterations": ' });
    await expectRefusal(form, 422, 'request.field_invalid', /config must be JSON/);
  });

  test('a config sent as a file, saying how to send it', async () => {
    const form = formOf({ image: await tinyPicture(), config: Buffer.from('{}') });
    await expectRefusal(form, 422, 'request.field_invalid', /-F 'config=<file\.json'/);
  });

  test('an unknown part, as a field or as a file', async () => {
    const image = await tinyPicture();
    await expectRefusal(formOf({ image, colour: 'red' }), 422, 'request.field_invalid', /allowed: image, config, name/);
    await expectRefusal(formOf({ image, mask: image }), 422, 'request.field_invalid', /Unknown part "mask"/);
  });

  test('metadata that are not text', async () => {
    const form = formOf({ image: await tinyPicture(), metadata: { a: 1 } });
    await expectRefusal(form, 422, 'request.field_invalid', /metadata\.a must be a string, got 1/);
  });

  test('a webhook that is not http', async () => {
    const form = formOf({ image: await tinyPicture(), webhook: { url: 'ftp://example.com' } });
    await expectRefusal(form, 422, 'request.field_invalid', /webhook\.url must be a valid url/);
  });
});

test('a body that is not a form is refused with 415', async () => {
  const headers = { 'content-type': 'application/json' };
  const { status, body } = await send<Problem>(api, '/models', { method: 'POST', body: '{}', headers });
  expect([status, body.code]).toEqual([415, 'request.unsupported_media_type']);
  expect(body.detail).toContain('multipart/form-data');
});

test('a form that breaks off is refused, and its file is removed', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const body = '--b\r\ncontent-disposition: form-data; name="image"; filename="a.png"\r\n\r\nbytes without an end';
  const answer = await send<Problem>(api, '/models', { method: 'POST', body, headers });
  expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  expect((await api.traces()).temporaryFiles).toEqual([]);
});

test('a training that needs more memory than a worker may take is refused with the size that fits', async () => {
  const small = await startApi({ trainingMemoryBytes: 2 ** 20 });
  try {
    const { status, body } = await postModel<Problem>(small, { image: await tinyPicture() });
    expect([status, body.code]).toEqual([422, 'plan.too_much_memory']);
    expect((await small.traces()).objects).toEqual([]);
  } finally {
    await small.close();
  }
});

test('a private webhook address is refused where only public ones are allowed', async () => {
  const strict = await startApi({ isPrivateWebhookAllowed: false });
  try {
    const webhook = { url: 'https://127.0.0.1/hook' };
    const { status, body } = await postModel<Problem>(strict, { image: await tinyPicture(), webhook });
    expect([status, body.code]).toEqual([422, 'webhook.address_refused']);
  } finally {
    await strict.close();
  }
});

test('a picture becomes a model and its training job, with everything filled in', async () => {
  const metadata = { order: '17' };
  const parts = { image: await tinyPicture(), config: TINY_CONFIG, name: 'hills', metadata };
  const { status, headers, body } = await postModel(api, parts);
  const { model, job } = body;
  expect(status).toBe(202);
  expect(headers.get('location')).toBe(`/jobs/${job.id}`);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(model).toMatchObject({ name: 'hills', metadata, state: 'queued', scalesDone: 0, trainingJobId: job.id });
  expect(model.source).toMatchObject({ width: 40, height: 30, format: 'png', alpha: null });
  expect(model.pyramid.levels.at(-1)).toMatchObject(model.working);
  expect(model.config).toMatchObject({ ...TINY_CONFIG, preset: DEFAULT_PRESET });
  expect(job).toMatchObject({ kind: 'train', state: 'queued', modelId: model.id, attempts: 0 });
  expect(job.input).toEqual(model.config);
  expect(job.links.events).toBe(`/jobs/${job.id}/events`);
  expect((await api.traces()).temporaryFiles).toEqual([]);
});

test.each<[keyof typeof UNUSUAL_PICTURES, object, boolean]>([
  ['rotated', { format: 'jpeg', width: 30, height: 40, orientation: 6, alpha: null }, false],
  ['of 16 bit', { channels: 3, bitDepth: 16, colourSpace: 'rgb16', alpha: null }, false],
  ['in CMYK', { channels: 4, bitDepth: 8, colourSpace: 'cmyk', alpha: null }, false],
  ['gray', { channels: 1, bitDepth: 8, colourSpace: 'b-w', alpha: null }, true],
  ['of 16 bit gray', { channels: 1, bitDepth: 16, colourSpace: 'grey16', alpha: null }, true],
  ['with alpha', { channels: 4, alpha: 'white' }, false],
  ['opaque with alpha', { channels: 4, alpha: null }, false],
])('a picture %s is trained as a plain one of 40x30 px; what it was is told', async (kind, source, gray) => {
  const { model } = await makeModel(api, { image: await UNUSUAL_PICTURES[kind]() });
  expect(model).toMatchObject({ source, gray, working: { width: 40, height: 30 } });
  const stored = await sharp(await (await fetch(api.url + model.links.image)).arrayBuffer()).metadata();
  expect(stored).toMatchObject({ format: 'png', width: 40, height: 30, channels: 3, depth: 'uchar' });
  expect(stored.orientation).toBeUndefined();
});

test('without a preset the default one is taken, and every answer names it with what the training takes', async () => {
  const { body } = await postModel(api, { image: await tinyPicture() });
  const one = await send<Model>(api, body.model.links.self);
  const list = await send<{ data: Model[] }>(api, '/models?limit=1');
  for (const model of [body.model, one.body, list.body.data[0]]) {
    expect(model?.config).toMatchObject({ preset: DEFAULT_PRESET, ...PRESET_VALUES[DEFAULT_PRESET] });
    expect(model?.estimate.seconds).toBeGreaterThan(0);
    expect(model?.estimate.memoryBytes).toBeGreaterThan(0);
  }
  expect(body.job.input).toMatchObject({ preset: DEFAULT_PRESET });
});

test('a seed is drawn when none is given, and a given one is kept', async () => {
  const [first, second] = [await makeModel(api), await makeModel(api)];
  expect(first.model.config.seed).not.toBe(second.model.config.seed);
  expect(first.job.input).toHaveProperty('seed', first.model.config.seed);
  const { model } = await makeModel(api, { config: { ...TINY_CONFIG, seed: 0 } });
  expect(model.config.seed).toBe(0);
});

test('the uploaded picture can be read back', async () => {
  const { model } = await makeModel(api);
  const response = await fetch(api.url + model.links.image);
  const { width, height, format } = await sharp(await response.arrayBuffer()).metadata();
  expect({ width, height, format }).toEqual({ width: 40, height: 30, format: 'png' });
});

test('a deleted model is gone at once, and deleting it again says so', async () => {
  const { model, job } = await makeModel(api);
  expect((await send(api, model.links.self, { method: 'DELETE' })).status).toBe(204);
  for (const path of [model.links.self, model.links.scales, model.links.image]) {
    expect((await send<Problem>(api, path)).status).toBe(404);
  }
  const again = await send<Problem>(api, model.links.self, { method: 'DELETE' });
  expect([again.status, again.body.code]).toEqual([404, 'model.not_found']);
  const listed = await send<{ data: Model[] }>(api, '/models?limit=100');
  expect(listed.body.data.map(({ id }) => id)).not.toContain(model.id);
  expect(job.modelId).toBe(model.id);
});

test.each(['/models/nonsense', '/models/%00', '/models/mdl_01J0000000000000000000000A', `/models/${'a'.repeat(90)}`])(
  'a model that does not exist is 404: %s',
  async (path) => {
    const { status, body } = await send<Problem>(api, path);
    expect([status, body.code]).toEqual([404, 'model.not_found']);
  },
);
