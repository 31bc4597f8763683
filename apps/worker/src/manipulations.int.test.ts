import type { InputKind } from '@singan/contracts';
import { type JobRecord, requestCancel } from '@singan/database';
import { decodeMask, decodeRgb, isMp4Available, MASK_RADIUS, softMask } from '@singan/imaging';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from './host/worker.ts';
import { TestServices } from './testing/test-services.ts';
import { diskMask, flatPainting, halfSquareObject, withDisk } from './testing/tiny-pictures.ts';
import { TINY_SIZE, type TinyTraining, tinyTraining } from './testing/tiny-training.ts';

let services: TestServices;
let training: TinyTraining;
let worker: Worker;
let models: { colour: string; gray: string };
let blendPictures: Partial<Record<InputKind, Buffer>>;

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(12);
  worker = await services.startWorker();
  const [colour, gray] = [await services.createModel(training), await services.createModel(training, { gray: true })];
  for (const { jobId } of [colour, gray]) expect((await services.whenEnded(jobId)).state).toBe('succeeded');
  models = { colour: colour.modelId, gray: gray.modelId };
  blendPictures = { 'input-image': await withDisk(training.source), 'input-mask': await diskMask() };
});
afterAll(async () => {
  await worker.close();
  await services.stop();
});

const PLACE = { seed: 11, format: 'png', startScale: 1, startScales: [1], adjustments: [] };
const SWEEP = { startScale: 'all', startScales: [1, 2] };
const { adjustments: _, ...WALK } = {
  ...PLACE,
  alpha: 0.1,
  beta: 0.9,
  frames: 6,
  fps: 10,
  loop: false,
  superResolution: null,
  format: 'webp',
};

type Order = Parameters<TestServices['createJob']>[0];

async function run(order: Order): Promise<JobRecord> {
  return services.whenEnded(await services.createJob(order));
}

async function runTwice(order: Order): Promise<JobRecord> {
  const [first, second] = [await run(order), await run(order)];
  expect(first).toMatchObject({ state: 'succeeded', error: null });
  const sums = (job: JobRecord) => job.outputs.map(({ kind, sha256 }) => [kind, sha256]);
  expect(sums(second)).toEqual(sums(first));
  return first;
}

function output(job: JobRecord, kind: string, startScale?: number): JobRecord['outputs'][number] {
  const found = job.outputs.find(
    (one) => one.kind === kind && (startScale === undefined || one.details.startScale === startScale),
  );
  if (found === undefined) throw new Error(`expected an output ${kind}, got ${job.outputs.map((one) => one.kind)}`);
  return found;
}

function bytesOf(job: JobRecord, kind: string, startScale?: number): Promise<Buffer> {
  return services.store.get(output(job, kind, startScale).key);
}

async function pixelsOf(bytes: Buffer): Promise<Uint8Array> {
  return sharp(bytes).removeAlpha().raw().toBuffer();
}

async function paint(input: object = {}, modelId = models.colour): Promise<Order> {
  const pictures = { 'input-image': await flatPainting() };
  return { kind: 'paint', modelId, input: { ...PLACE, quantize: null, ...input }, pictures };
}

test('a painting becomes a picture of the working size, the same one for the same seed', async () => {
  const job = await runTwice(await paint());
  expect(job.outputs).toHaveLength(1);
  const facts = { index: 0, seed: 11, details: { startScale: 1 }, contentType: 'image/png', ...TINY_SIZE };
  expect(output(job, 'painting')).toMatchObject(facts);
  expect(await bytesOf(await run(await paint({ seed: 12 })), 'painting')).not.toEqual(await bytesOf(job, 'painting'));
});

test('a sweep of a painting equals its single runs, and has a sheet', async () => {
  const job = await run(await paint(SWEEP));
  expect(job.outputs.map(({ kind, details }) => [kind, details.startScale])).toEqual([
    ['painting', 1],
    ['painting', 2],
    ['contact-sheet', undefined],
  ]);
  for (const startScale of [1, 2]) {
    const alone = await run(await paint({ startScale, startScales: [startScale] }));
    expect(await bytesOf(job, 'painting', startScale)).toEqual(await bytesOf(alone, 'painting'));
  }
});

test.each([
  ['harmonize', 'harmonization', MASK_RADIUS.harmonization],
  ['edit', 'edit', MASK_RADIUS.editing],
] as const)('%s changes the picture inside the soft mask, and not one bit outside', async (kind, name, radiusPx) => {
  // The widened and softened mask of an edit reaches 40 px.
  const size = { width: 90, height: 30 };
  const wide = await tinyTraining(2, size);
  const { modelId, jobId } = await services.createModel(wide);
  await services.whenEnded(jobId);
  const marked = await diskMask(size);
  const pictures = { 'input-image': await withDisk(wide.source), 'input-mask': marked };
  const job = await runTwice({ kind, modelId, input: PLACE, pictures });
  expect(job.outputs.map((one) => one.kind)).toEqual([name, `${name}-unmasked`]);
  const mask = softMask(await decodeMask(marked), { radiusPx });
  const [before, after, unmasked] = await Promise.all(
    [wide.source, await bytesOf(job, name), await bytesOf(job, `${name}-unmasked`)].map(pixelsOf),
  );
  const changed = (pixels: Uint8Array | undefined, isIn: (share: number) => boolean): number =>
    (pixels ?? new Uint8Array()).reduce(
      (count, value, n) => count + (isIn(mask[Math.floor(n / 3)] ?? 0) && value !== before?.[n] ? 1 : 0),
      0,
    );
  expect(mask.filter((share) => share === 0).length).toBeGreaterThan(300);
  expect(changed(after, (share) => share === 0)).toBe(0);
  expect(changed(after, (share) => share > 0.9)).toBeGreaterThan(0);
  expect(changed(unmasked, (share) => share === 0)).toBeGreaterThan(0);
});

test('an object is laid on the working image before it is harmonised', async () => {
  const pictures = { 'input-object': await halfSquareObject(), 'input-mask': await diskMask() };
  const input = { ...PLACE, placement: { x: 4, y: 6, scale: 1 } };
  const job = await runTwice({ kind: 'harmonize', modelId: models.colour, input, pictures });
  const other = { ...input, placement: { x: 14, y: 6, scale: 1 } };
  const moved = await run({ kind: 'harmonize', modelId: models.colour, input: other, pictures });
  expect(await bytesOf(moved, 'harmonization')).not.toEqual(await bytesOf(job, 'harmonization'));
});

test('a sweep of an edit equals its single runs, in both outputs', async () => {
  const order = { kind: 'edit', modelId: models.colour, pictures: blendPictures } as const;
  const job = await run({ ...order, input: { ...PLACE, ...SWEEP } });
  expect(job.outputs).toHaveLength(5);
  const alone = await run({ ...order, input: { ...PLACE, startScale: -1, startScales: [2] } });
  for (const kind of ['edit', 'edit-unmasked']) {
    expect(await bytesOf(job, kind, 2)).toEqual(await bytesOf(alone, kind));
  }
});

test('an animation has the frames that were asked for, with their delay, and plays for ever', async () => {
  const job = await runTwice({ kind: 'animate', modelId: models.colour, input: WALK });
  const details = { startScale: 1, frames: 6, fps: 10 };
  expect(output(job, 'animation')).toMatchObject({ details, contentType: 'image/webp', ...TINY_SIZE });
  const { pages, pageHeight, delay, loop } = await sharp(await bytesOf(job, 'animation'), {
    animated: true,
  }).metadata();
  expect({ pages, pageHeight, delay, loop }).toEqual({ pages: 6, pageHeight: 30, delay: Array(6).fill(100), loop: 0 });
  expect(job.progress).toMatchObject({ iteration: 6, iterations: 6, fraction: 1 });
});

test('a sweep of an animation has one for each start scale, and a sheet of stills; a loop is another animation', async () => {
  const input = { ...WALK, startScale: 'all', startScales: [0, 1, 2], format: 'gif' };
  const job = await run({ kind: 'animate', modelId: models.colour, input });
  expect(job.outputs.map(({ kind, details }) => [kind, details.startScale])).toEqual([
    ['animation', 0],
    ['animation', 1],
    ['animation', 2],
    ['contact-sheet', undefined],
  ]);
  const alone = await run({ kind: 'animate', modelId: models.colour, input: { ...WALK, format: 'gif' } });
  expect(await bytesOf(job, 'animation', 1)).toEqual(await bytesOf(alone, 'animation'));
  const loop = await run({ kind: 'animate', modelId: models.colour, input: { ...WALK, format: 'gif', loop: true } });
  expect(await bytesOf(loop, 'animation')).not.toEqual(await bytesOf(alone, 'animation'));
});

test('the frames of an animation can be enlarged, to exactly the asked size', async () => {
  const input = { ...WALK, frames: 3, superResolution: { factor: 1.7 } };
  const job = await runTwice({ kind: 'animate', modelId: models.colour, input });
  expect(output(job, 'animation')).toMatchObject({ width: 68, height: 51, details: { frames: 3 } });
  const { width, pageHeight, pages } = await sharp(await bytesOf(job, 'animation'), { animated: true }).metadata();
  expect({ width, pageHeight, pages }).toEqual({ width: 68, pageHeight: 51, pages: 3 });
  expect(job.progress).toMatchObject({ iteration: 3, iterations: 3 });
});

test('enlarged frames that do not move do not flicker', async () => {
  const input = { ...WALK, alpha: 1, frames: 3, format: 'gif', superResolution: { factor: 2 } };
  const job = await run({ kind: 'animate', modelId: models.colour, input });
  // A GIF shows equal frames as one, for as long.
  const { pages, delay } = await sharp(await bytesOf(job, 'animation'), { animated: true }).metadata();
  expect({ pages, delay }).toEqual({ pages: 1, delay: [300] });
  const other = await run({ kind: 'animate', modelId: models.colour, input: { ...input, seed: 12 } });
  expect(await bytesOf(other, 'animation')).not.toEqual(await bytesOf(job, 'animation'));
});

const hasMp4 = await isMp4Available();
test.skipIf(!hasMp4)('an animation can be an MP4 (needs ffmpeg)', async () => {
  const job = await runTwice({ kind: 'animate', modelId: models.colour, input: { ...WALK, format: 'mp4' } });
  expect(output(job, 'animation')).toMatchObject({ contentType: 'video/mp4', ...TINY_SIZE });
  expect((await bytesOf(job, 'animation')).subarray(4, 8).toString()).toBe('ftyp');
});

test('a super-resolution has exactly the asked size, and says how far it is from the truth', async () => {
  const input = { factor: 2.3, seed: 4, format: 'png', adjustments: [] };
  const truth = await sharp(training.source).resize(92, 69).png().toBuffer();
  const pictures = { 'input-ground-truth': truth };
  const job = await runTwice({ kind: 'super-resolve', modelId: models.colour, input, pictures });
  expect(output(job, 'super-resolution')).toMatchObject({ width: 92, height: 69, seed: 4 });
  expect(await decodeRgb(await bytesOf(job, 'super-resolution'))).toMatchObject({ width: 92, height: 69 });
  const { metrics } = output(job, 'super-resolution').details;
  expect(metrics?.psnr).toBeCloseTo(20 * Math.log10(255 / (metrics?.rmse ?? 0)), 9);

  const without = await run({ kind: 'super-resolve', modelId: models.colour, input });
  expect(output(without, 'super-resolution').details).toEqual({});
  const small = { 'input-ground-truth': training.source };
  const resized = await run({ kind: 'super-resolve', modelId: models.colour, input, pictures: small });
  expect(output(resized, 'super-resolution').details.metrics?.rmse).toBeGreaterThan(0);
});

test('a model of a gray picture answers in gray to every task', async () => {
  const modelId = models.gray;
  const upscaling = { factor: 2, seed: 1, format: 'png', adjustments: [] };
  const orders: Order[] = [
    await paint({}, modelId),
    { kind: 'harmonize', modelId, input: PLACE, pictures: blendPictures },
    { kind: 'edit', modelId, input: PLACE, pictures: blendPictures },
    { kind: 'animate', modelId, input: { ...WALK, format: 'gif' } },
    { kind: 'super-resolve', modelId, input: upscaling },
  ];
  for (const order of orders) {
    const job = await run(order);
    expect(job).toMatchObject({ kind: order.kind, state: 'succeeded' });
    for (const { key } of job.outputs) {
      const { data } = await sharp(await services.store.get(key))
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const tinted = data.filter((value, n) => value !== data[n - (n % 3)]);
      expect(tinted).toHaveLength(0);
    }
  }
});

test('a long animation that is canceled ends soon, and leaves no object', async () => {
  const jobId = await services.createJob({ kind: 'animate', modelId: models.colour, input: { ...WALK, frames: 1000 } });
  await services.whenJob(jobId, 'a first frame', (job) => job.progress !== null);
  await requestCancel(services.database, jobId);
  const job = await services.whenEnded(jobId);
  expect(job).toMatchObject({ state: 'canceled', outputs: [] });
  expect(job.progress?.iteration).toBeLessThan(1000);
  const keys: string[] = [];
  for await (const { key } of services.store.list(`models/${models.colour}/jobs/${jobId}/`)) keys.push(key);
  expect(keys).toEqual([]);
});

test('a task without its pictures fails, and says no more than it should', async () => {
  const job = await run({ kind: 'paint', modelId: models.colour, input: { ...PLACE, quantize: null } });
  expect(job).toMatchObject({ state: 'failed', error: { code: 'internal' } });
});
