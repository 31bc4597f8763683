import type { Job, Model, Problem } from '@singan/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedJob, expectRefusal, GROWING, readyModel, storedInputs } from '../../testing/manipulations.ts';
import { countWhite, flatPicture, maskOf, objectOf, withClaimedSize } from '../../testing/pictures.ts';
import { formOf, makeModel, postForm, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

const SIZE = { width: 40, height: 30 };

let api: TestApi;
let model: Model;
let image: Buffer;
let mask: Buffer;
beforeAll(async () => {
  api = await startApi();
  model = await readyModel(api);
  image = await flatPicture(40, 30);
  mask = await maskOf(SIZE, { width: 10, height: 6 });
});
afterAll(() => api.close());

const harmonize = <T = { job: Job }>(parts: Record<string, unknown>) =>
  postForm<T>(api, model.links.harmonizations, parts);

test.each([
  ['harmonize', 'harmonizations'],
  ['edit', 'edits'],
] as const)('a picture and its mask become a job: %s', async (kind, resource) => {
  const job = acceptedJob(await postForm(api, model.links[resource], { image, mask }));
  expect(job).toMatchObject({ kind, state: 'queued', modelId: model.id });
  const input = { startScale: 2, startScales: [2], format: 'png', seed: expect.any(Number), adjustments: [] };
  expect(job.input).toEqual(input);
  const stored = await storedInputs(api, job);
  expect(Object.keys(stored).sort()).toEqual(['input-image', 'input-mask']);
  expect(await countWhite(stored['input-mask'] as Buffer)).toBe(60);
});

test('without a start scale it is scale 2 of a concurrent model', async () => {
  const growing = await readyModel(api, { ...GROWING, pyramid: { scaleCount: 6 } });
  const job = acceptedJob(await postForm(api, growing.links.edits, { image, mask }));
  expect(job.input).toMatchObject({ startScale: 2, startScales: [2] });
});

test('without a start scale it is the third finest', async () => {
  const deep = await readyModel(api, { pyramid: { scaleCount: 5 } });
  const job = acceptedJob(await postForm(api, deep.links.harmonizations, { image, mask }));
  expect(job.input).toMatchObject({ startScale: 2, startScales: [2] });
  const sweep = await postForm<{ job: Job }>(api, deep.links.edits, { image, mask, startScale: 'all' });
  expect(acceptedJob(sweep).input).toMatchObject({ startScale: 'all', startScales: [1, 2, 3, 4] });
});

test('a mask and a picture of other sizes are taken, and what is done to them is told', async () => {
  const parts = {
    image: await flatPicture(80, 70),
    mask: await maskOf({ width: 120, height: 60 }, { width: 60, height: 30 }),
  };
  const job = acceptedJob(await harmonize(parts));
  expect(job.input).toMatchObject({
    adjustments: ['image resized from 80x70 to 40x30', 'mask resized from 120x60 to 40x30'],
  });
  const stored = await storedInputs(api, job);
  const { width, height } = await sharp(stored['input-mask']).metadata();
  expect({ width, height }).toEqual(SIZE);
  expect(await countWhite(stored['input-mask'] as Buffer)).toBe(20 * 15);
});

test('an object is kept with its alpha and its place; the mask of what it covers is made', async () => {
  const placement = { x: 30, y: -2, scale: 2 };
  const job = acceptedJob(await harmonize({ object: await objectOf(8, 5), placement, seed: 3 }));
  expect(job.input).toMatchObject({ placement, seed: 3, adjustments: [] });
  const stored = await storedInputs(api, job);
  expect(Object.keys(stored).sort()).toEqual(['input-mask', 'input-object']);
  const { width, height, hasAlpha } = await sharp(stored['input-object']).metadata();
  expect({ width, height, hasAlpha }).toEqual({ width: 8, height: 5, hasAlpha: true });
  expect(await countWhite(stored['input-mask'] as Buffer)).toBe(10 * 8);
});

describe('POST /models/:id/harmonizations refuses, and keeps nothing of it', () => {
  const marked = (width: number, height: number) => maskOf(SIZE, { width, height });
  const thin = () => maskOf({ width: 400, height: 300 }, { width: 2, height: 2 });
  const bomb = () => withClaimedSize(16_000, 16_000);
  const text = Buffer.from('white everywhere');
  const corner = { x: 0, y: 0 };

  test.each<[string, () => Promise<object>, string, RegExp]>([
    ['nothing at all', async () => ({}), 'image.missing', /-F object=@object\.png/],
    ['a picture without a mask', async () => ({ image }), 'mask.missing', /-F mask=@mask\.png/],
    ['a mask without a picture', async () => ({ mask }), 'image.missing', /picture is missing/],
    ['a mask as a field', async () => ({ image, mask: 'white' }), 'mask.missing', /"mask" must be a file/],
    ['an empty mask', async () => ({ image, mask: await marked(0, 0) }), 'mask.empty', /none of 40x30 pixels/],
    ['a full mask', async () => ({ image, mask: await marked(40, 30) }), 'mask.full', /all of 40x30 pixels/],
    ['marks that vanish when resized', async () => ({ image, mask: await thin() }), 'mask.empty', /none of 40x30/],
    ['a bomb as mask', async () => ({ image, mask: await bomb() }), 'image.too_many_pixels', /^mask: .*16000000/],
    ['text as mask', async () => ({ image, mask: text }), 'image.unsupported_format', /^mask: .*PNG, JPEG/],
    ['start scale 0', async () => ({ image, mask, startScale: '0' }), 'sample.start_scale', /got 0/],
    [
      'an unknown field',
      async () => ({ image, mask, hue: '1' }),
      'request.field_invalid',
      /allowed: image, mask, object/,
    ],
    ['a place alone', async () => ({ image, mask, placement: corner }), 'request.field_invalid', /goes with an object/],
  ])('%s', async (_, parts, code, sentence) => {
    const form = { ...(await parts()) };
    const status = code === 'image.unsupported_format' ? 415 : 422;
    await expectRefusal(api, () => harmonize<Problem>(form), { status, code, sentence });
  });

  test.each<[string, () => Promise<Buffer>, object, string, RegExp]>([
    [
      'wholly outside',
      () => objectOf(8, 5),
      { placement: { x: 40, y: 0 } },
      'object.outside',
      /x 40 to 47 .* x 0 to 39/,
    ],
    ['that cannot be seen', () => objectOf(8, 5, 0.2), { placement: corner }, 'mask.empty', /transparent/],
    ['that covers everything', () => objectOf(50, 50), { placement: corner }, 'mask.full', /smaller/],
    ['without a place', () => objectOf(8, 5), {}, 'request.field_invalid', /placement must go with the object/],
    [
      'with a turn',
      () => objectOf(8, 5),
      { placement: { ...corner, angle: 3 } },
      'request.field_invalid',
      /x, y, scale/,
    ],
    ['that is a bomb', bomb, { placement: corner }, 'image.too_many_pixels', /^object: /],
  ])('an object %s', async (_, object, fields, code, sentence) => {
    const form = { object: await object(), ...fields };
    await expectRefusal(api, () => harmonize<Problem>(form), { code, sentence });
  });

  test('an object together with a picture', async () => {
    const form = { object: await objectOf(8, 5), placement: corner, image };
    const sentence = /Got an object and image/;
    await expectRefusal(api, () => harmonize<Problem>(form), { code: 'request.field_invalid', sentence });
  });

  test('two masks', async () => {
    const form = formOf({ image, mask });
    form.append('mask', new Blob([new Uint8Array(mask)]), 'second.png');
    const request = () => send<Problem>(api, model.links.harmonizations, { method: 'POST', body: form });
    await expectRefusal(api, request, { code: 'image.duplicate', sentence: /one file part "mask"/ });
  });

  test('a model in training', async () => {
    const fresh = await makeModel(api);
    const request = () => postForm<Problem>(api, fresh.model.links.harmonizations, { image, mask });
    await expectRefusal(api, request, { status: 409, code: 'model.not_ready', sentence: /Follow its training job/ });
  });
});
