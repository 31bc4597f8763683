import type { Job, Model, Output } from '@singan/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxMask, plainPicture, rgbOf, withBox } from './support/picture-edits.ts';
import { type RunningService, startService } from './support/running-service.ts';
import { formOf, ServiceCalls } from './support/service-calls.ts';
import { trainingPicture } from './support/training-picture.ts';

/** Wide enough for a mask that is widened and softened to leave some of the picture. */
const SIZE = { width: 88, height: 30 };
const TINY = {
  minSize: 16,
  maxSize: 88,
  iterations: 4,
  finestIterations: 3,
  baseChannels: 4,
  maxChannels: 4,
  seed: 11,
};
const BOX = { left: 4, top: 4, width: 6, height: 6 };

let service: RunningService;
let calls: ServiceCalls;
let picture: Buffer;
let model: Model;
let enlarging: Model;

beforeAll(async () => {
  [service, picture] = await Promise.all([startService('wasm'), trainingPicture(SIZE.width, SIZE.height)]);
  calls = new ServiceCalls(service.url);
  model = await calls.train(picture, TINY);
  enlarging = await calls.train(picture, { ...TINY, purpose: 'super-resolution', superResolutionFactor: 2 });
});
afterAll(() => service?.stop());

function outputOf(job: Job, kind: string): Output {
  const output = job.outputs.find((one) => one.kind === kind);
  if (output === undefined) throw new Error(`expected an output ${kind}, got ${job.outputs.map((one) => one.kind)}`);
  return output;
}

/** Runs a request twice, and once with another seed. */
async function expectSeeded(path: string, bodyOf: (seed: number) => object | FormData): Promise<Job> {
  const job = await calls.run(path, bodyOf(5));
  const prints = await calls.fingerprints(job);
  expect(await calls.fingerprints(await calls.run(path, bodyOf(5)))).toEqual(prints);
  expect(await calls.fingerprints(await calls.run(path, bodyOf(6)))).not.toEqual(prints);
  return job;
}

async function compositeFiles() {
  return { image: await withBox(picture, BOX, '#f04080'), mask: await boxMask(SIZE, BOX) };
}

describe('paintings', () => {
  it('take a picture of any size and answer in the trained one, the same for the same seed', async () => {
    const image = await plainPicture({ width: 50, height: 40, colour: '#4080c0' });
    const job = await expectSeeded(model.links.paintings, (seed) => formOf({ seed }, { image }));
    expect(outputOf(job, 'painting')).toMatchObject({ ...SIZE, seed: 5, startScale: 2 });
    expect(job.input.adjustments).toEqual([expect.stringContaining('50x40')]);
  });

  it('are quantised on request, by a scale that is trained for that once', async () => {
    const image = await plainPicture({ ...SIZE, colour: '#4080c0' });
    const quantized = (seed: number) => formOf({ seed, startScale: -1, quantize: { colours: 3 } }, { image });
    const job = await expectSeeded(model.links.paintings, quantized);
    const plain = await calls.run(model.links.paintings, formOf({ seed: 5, startScale: -1 }, { image }));
    expect(await calls.fingerprints(plain)).not.toEqual(await calls.fingerprints(job));
  });

  it('sweep over all start scales, each as if asked for alone', async () => {
    const image = await plainPicture({ ...SIZE, colour: '#4080c0' });
    const sweep = await calls.run(model.links.paintings, formOf({ seed: 5, startScale: 'all' }, { image }));
    const finest = model.pyramid.levels.length - 1;
    const scales = Array.from({ length: finest }, (_, n) => n + 1);
    expect(sweep.outputs.map(({ kind, startScale }) => [kind, startScale])).toEqual([
      ...scales.map((scale) => ['painting', scale]),
      ['contact-sheet', undefined],
    ]);
    const alone = await calls.run(model.links.paintings, formOf({ seed: 5, startScale: finest }, { image }));
    expect(await calls.fingerprints(sweep)).toContainEqual((await calls.fingerprints(alone))[0]);
  });
});

describe.each([
  ['harmonizations', 'harmonization'],
  ['edits', 'edit'],
] as const)('%s', (resource, kind) => {
  it('change nothing far from the mask, and keep the unmasked picture too', async () => {
    const files = await compositeFiles();
    const job = await expectSeeded(model.links[resource], (seed) => formOf({ seed }, files));
    const blended = await rgbOf(await calls.download(outputOf(job, kind)));
    const unmasked = await rgbOf(await calls.download(outputOf(job, `${kind}-unmasked`)));
    const before = await rgbOf(picture);
    // The box ends at column 9; no mask is widened and softened by more than 40 px.
    const isFar = (n: number) => Math.floor(n / 3) % SIZE.width > 50;
    const changedFar = (pixels: Buffer) => pixels.filter((value, n) => isFar(n) && value !== before[n]).length;
    expect(changedFar(blended)).toBe(0);
    expect(changedFar(unmasked)).toBeGreaterThan(0);
    expect(blended.equals(before)).toBe(false);
  });

  it('lay an object on the picture', async () => {
    const object = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#f04080' } })
      .png()
      .toBuffer();
    const placed = (x: number) => formOf({ seed: 5, placement: { x, y: 4 } }, { object });
    const job = await calls.run(model.links[resource], placed(4));
    expect(outputOf(job, kind)).toMatchObject(SIZE);
    const outside = await calls.post(model.links[resource], placed(500));
    expect(outside.status).toBe(422);
    expect(await outside.json()).toMatchObject({ code: 'object.outside' });
  });
});

describe('animations', () => {
  it('have the frames that were asked for, the same for the same seed', async () => {
    const job = await expectSeeded(model.links.animations, (seed) => ({ seed, frames: 5, fps: 20, loop: true }));
    expect(outputOf(job, 'animation')).toMatchObject({ ...SIZE, frames: 5, fps: 20, startScale: 0 });
    const { pages, delay } = await sharp(await calls.download(outputOf(job, 'animation')), {
      animated: true,
    }).metadata();
    expect({ pages, delay }).toEqual({ pages: 5, delay: [50, 50, 50, 50, 50] });
  });

  it('have larger frames on request', async () => {
    const request = (seed: number) => ({ seed, frames: 3, superResolution: { factor: 1.5 } });
    const job = await expectSeeded(model.links.animations, request);
    expect(outputOf(job, 'animation')).toMatchObject({ width: 132, height: 45, frames: 3 });
    const { width, pageHeight, pages } = await sharp(await calls.download(outputOf(job, 'animation')), {
      animated: true,
    }).metadata();
    expect({ width, pageHeight, pages }).toEqual({ width: 132, pageHeight: 45, pages: 3 });
  });

  it('that would be too large are refused', async () => {
    const response = await calls.post(model.links.animations, { frames: 1_000_000 });
    expect(response.status).toBe(422);
  });
});

describe('super-resolutions', () => {
  it('have exactly the asked size, and the distance to the truth when it is known', async () => {
    const groundTruth = await sharp(picture).resize(176, 60).png().toBuffer();
    const path = enlarging.links.superResolutions;
    const job = await expectSeeded(path, (seed) => formOf({ factor: 2, seed }, { groundTruth }));
    const output = outputOf(job, 'super-resolution');
    expect(output).toMatchObject({
      width: 176,
      height: 60,
      metrics: { rmse: expect.any(Number), psnr: expect.any(Number) },
    });
    expect(await sharp(await calls.download(output)).metadata()).toMatchObject({ width: 176, height: 60 });
    const odd = await calls.run(path, { factor: 1.7, seed: 1 });
    expect(outputOf(odd, 'super-resolution')).toMatchObject({ width: 150, height: 51 });
  });

  it('need a model that was trained for it', async () => {
    const response = await calls.post(model.links.superResolutions, { factor: 2 });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'model.wrong_purpose' });
  });
});

describe('a gray picture of 16 bit with alpha', () => {
  it('is told as what it is, and makes gray pictures in every task', async () => {
    const gray = await sharp(picture).ensureAlpha(0.5).toColourspace('grey16').png().toBuffer();
    const trained = await calls.train(gray, { ...TINY, purpose: 'super-resolution', superResolutionFactor: 2 });
    const source = { width: 88, height: 30, channels: 2, bitDepth: 16, colourSpace: 'grey16', alpha: 'white' };
    expect(trained).toMatchObject({ gray: true, source });
    const { links } = trained;
    const { image, mask } = await compositeFiles();
    const jobs = [
      await calls.run(links.samples, { count: 1 }),
      await calls.run(links.paintings, formOf({}, { image })),
      await calls.run(links.harmonizations, formOf({}, { image, mask })),
      await calls.run(links.edits, formOf({}, { image, mask })),
      await calls.run(links.superResolutions, { factor: 1.5 }),
    ];
    expect(jobs[1]?.input.adjustments).toEqual(['image turned to gray, as the training image is']);
    for (const output of jobs.flatMap(({ outputs }) => outputs)) {
      expect(await sharp(await calls.download(output)).metadata()).toMatchObject({ space: 'b-w', channels: 1 });
    }
    const moving = await calls.run(links.animations, { frames: 2, format: 'gif' });
    const pixels = await rgbOf(await calls.download(outputOf(moving, 'animation')));
    expect(pixels.filter((value, n) => value !== pixels[n - (n % 3)])).toHaveLength(0);
  });
});
