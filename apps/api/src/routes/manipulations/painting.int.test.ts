import type { Job, Model, Problem } from '@singan/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedJob, expectRefusal, GROWING, readyModel, storedInputs } from '../../testing/manipulations.ts';
import { flatPicture, objectOf, UNUSUAL_PICTURES, withClaimedSize } from '../../testing/pictures.ts';
import { formOf, makeModel, postForm, postJson, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let model: Model;
let image: Buffer;
beforeAll(async () => {
  api = await startApi();
  model = await readyModel(api);
  image = await flatPicture(40, 30);
});
afterAll(() => api.close());

const paint = <T = { job: Job }>(parts: Record<string, unknown>, headers: Record<string, string> = {}) =>
  postForm<T>(api, model.links.paintings, parts, headers);

test('a painting becomes a job with all defaults filled in, and its picture', async () => {
  const job = acceptedJob(await paint({ image }));
  expect(job).toMatchObject({ kind: 'paint', state: 'queued', modelId: model.id, outputs: [] });
  expect(job.input).toEqual({
    startScale: 2,
    startScales: [2],
    quantize: null,
    format: 'png',
    seed: expect.any(Number),
    adjustments: [],
  });
  expect(job.inputs).toMatchObject([{ kind: 'input-image', width: 40, height: 30 }]);
  const stored = await storedInputs(api, job);
  const { format, width, height } = await sharp(stored['input-image']).metadata();
  expect({ format, width, height }).toEqual({ format: 'png', width: 40, height: 30 });
  expect((await fetch(api.url + (job.inputs[0]?.links.content ?? ''))).status).toBe(200);
  expect((await api.traces()).temporaryFiles).toEqual([]);
});

test('a painting starts a scale earlier where the noise of the reconstruction was fixed', async () => {
  const fixed = await readyModel(api, { reconstructionNoise: 'fixed' });
  const job = acceptedJob(await postForm(api, fixed.links.paintings, { image }));
  expect(job.input).toMatchObject({ startScale: 1, startScales: [1] });
});

test('fields are read as numbers, words and JSON; a painting with a palette waits with the trainings', async () => {
  const parts = { startScale: '-1', quantize: { colours: 8 }, seed: '7', format: 'webp' };
  const job = acceptedJob(await paint({ image, ...parts }));
  expect(job.input).toMatchObject({ startScales: [2], quantize: { colours: 8 }, seed: 7, format: 'webp' });
  expect((await send<Job>(api, job.links.self)).body.position).toBe(1);
  const { body } = await send<{ queues: { name: string; counts: Record<string, number> }[] }>(api, '/queues');
  expect(body.queues.find(({ name }) => name === 'training')?.counts.queued).toBe(1);
});

test('all start scales that a picture can be put in make a sweep', async () => {
  expect(acceptedJob(await paint({ image, startScale: 'all' })).input).toMatchObject({
    startScale: 'all',
    startScales: [1, 2],
  });
});

test('what is done to a picture of another size, or a transparent one, is told', async () => {
  const job = acceptedJob(await paint({ image: await objectOf(120, 80, 0.5) }));
  expect(job.input).toMatchObject({
    adjustments: ['image laid over white where it is transparent', 'image resized from 120x80 to 40x30'],
  });
  expect(job.inputs).toMatchObject([{ width: 120, height: 80 }]);
});

test.each<[keyof typeof UNUSUAL_PICTURES, string[]]>([
  ['rotated', ['image turned upright by its EXIF orientation 6']],
  ['of 16 bit', ['image brought from 16 to 8 bit']],
  ['in CMYK', ['image brought from cmyk to sRGB']],
  ['gray', []],
  ['of 16 bit gray', ['image brought from 16 to 8 bit']],
  ['with alpha', ['image laid over white where it is transparent']],
  ['opaque with alpha', []],
])('what is done to a picture %s is told', async (kind, adjustments) => {
  const job = acceptedJob(await paint({ image: await UNUSUAL_PICTURES[kind]() }));
  expect(job.input).toMatchObject({ adjustments });
  const { width, height, channels, depth } = await sharp((await storedInputs(api, job))['input-image']).metadata();
  expect({ width, height, channels, depth }).toEqual({ width: 40, height: 30, channels: 3, depth: 'uchar' });
});

test('a model of a gray picture turns a painting to gray, and says so', async () => {
  const gray = await readyModel(api, {}, await UNUSUAL_PICTURES.gray());
  expect(gray.gray).toBe(true);
  const painted = async (picture: Buffer) => acceptedJob(await postForm(api, gray.links.paintings, { image: picture }));
  const adjustments = ['image turned to gray, as the training image is'];
  expect((await painted(image)).input).toMatchObject({ adjustments });
  expect((await painted(await UNUSUAL_PICTURES.gray())).input).toMatchObject({ adjustments: [] });
});

test('the same request under the same key makes one job; another picture is another request', async () => {
  const headers = { 'idempotency-key': 'painting-1' };
  const [first, second] = [await paint({ image }, headers), await paint({ image }, headers)];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  const other = await paint<Problem>({ image: await flatPicture(41, 30) }, headers);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency.key_reused']);
});

test('the pictures of a job go with the deleted model', async () => {
  const own = await readyModel(api);
  const job = acceptedJob(await postForm(api, own.links.paintings, { image }));
  await send(api, own.links.self, { method: 'DELETE' });
  expect((await send(api, job.inputs[0]?.links.content ?? '')).status).toBe(404);
});

describe('POST /models/:id/paintings refuses, and keeps nothing of it', () => {
  test.each([
    [{}, 'image.missing', /-F image=@painting\.png/],
    [{ image: 'text' }, 'image.missing', /must be a file/],
    [{ image: new Uint8Array(0) }, 'image.empty', /0 bytes/],
    [{ colour: 'red' }, 'request.field_invalid', /Unknown part "colour"; allowed: image, startScale, quantize/],
    [{ startScale: '0' }, 'sample.start_scale', /expected 1 .* to 2 \(finest\).* got 0/],
    [{ startScale: '3' }, 'sample.start_scale', /got 3/],
    [{ startScale: '-3' }, 'sample.start_scale', /got -3/],
    [{ startScale: 'some' }, 'request.field_invalid', /startScale must be a whole number.*got "some"/],
    [{ quantize: { colours: 17 } }, 'request.field_invalid', /quantize\.colours must be at most 16, got 17/],
    [{ quantize: { colors: 5 } }, 'request.field_invalid', /"colors"; allowed here: colours/],
    [{ quantize: '{"colours":' }, 'request.field_invalid', /quantize must be JSON/],
    [{ quantize: {}, startScale: 'all' }, 'request.field_invalid', /one scale together with quantize/],
    [{ format: 'bmp' }, 'request.field_invalid', /format must be one of png, webp, jpeg/],
    [{ webhook: { url: 'ftp://example.com' } }, 'request.field_invalid', /webhook\.url/],
  ])('%j', async (parts, code, sentence) => {
    const isWithout = 'image' in parts || code === 'image.missing';
    await expectRefusal(api, () => paint(isWithout ? parts : { image, ...parts }), { code, sentence });
  });

  test('two pictures', async () => {
    const form = formOf({ image });
    form.append('image', new Blob([new Uint8Array(image)]), 'second.png');
    const request = () => send<Problem>(api, model.links.paintings, { method: 'POST', body: form });
    await expectRefusal(api, request, { code: 'image.duplicate', sentence: /one file part "image"/ });
  });

  test('a mask, which has no meaning here', async () => {
    const sentence = /Unknown part "mask"/;
    await expectRefusal(api, () => paint({ image, mask: image }), { code: 'request.field_invalid', sentence });
  });

  test('a bomb, by its header alone', async () => {
    const bomb = await withClaimedSize(16_000, 16_000);
    await expectRefusal(api, () => paint({ image: bomb }), { code: 'image.too_many_pixels', sentence: /50000000/ });
  });

  test('a body that is not a form', async () => {
    const request = () => postJson<Problem>(api, model.links.paintings, {});
    const refusal = { status: 415, code: 'request.unsupported_media_type', sentence: /multipart\/form-data/ };
    await expectRefusal(api, request, refusal);
  });

  test('a model that is still to be trained, naming its job', async () => {
    const fresh = await makeModel(api);
    const request = () => postForm<Problem>(api, fresh.model.links.paintings, { image });
    const { detail } = await expectRefusal(api, request, { status: 409, code: 'model.not_ready', sentence: /0 of 3/ });
    expect(detail).toContain(fresh.job.id);
  });

  test('a palette with a model whose stages were trained together', async () => {
    const growing = await readyModel(api, GROWING);
    const request = () => postForm<Problem>(api, growing.links.paintings, { image, quantize: {} });
    const sentence = /quantize needs a model of scheme sequential/;
    await expectRefusal(api, request, { status: 409, code: 'model.wrong_purpose', sentence });
    acceptedJob(await postForm(api, growing.links.paintings, { image }));
  });

  test('a model that does not exist', async () => {
    const request = () => postForm<Problem>(api, '/models/mdl_01J0000000000000000000000A/paintings', { image });
    await expectRefusal(api, request, { status: 404, code: 'model.not_found', sentence: /mdl_01J/ });
  });
});

test('when the job cannot be written, its picture does not stay', async () => {
  await api.sql("ALTER TABLE jobs ADD CONSTRAINT no_paint CHECK (kind <> 'paint') NOT VALID");
  try {
    const before = await api.traces();
    expect((await paint({ image })).status).toBe(500);
    expect(await api.traces()).toEqual(before);
  } finally {
    await api.sql('ALTER TABLE jobs DROP CONSTRAINT no_paint');
  }
});
