import { startEngine } from '@singan/engine';
import { resolveStartScales } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blendMasked } from './blend-masked.ts';
import { ENGINES } from './engines.fixture.ts';
import { resizeImage } from './image-tensor.ts';
import { injectImage } from './inject-image.ts';
import { reconstructImage, sampleImage } from './sample-image.ts';
import { largestDifference, rmsDifference, type TinyModel, trainTinyModel } from './tiny-model.fixture.ts';
import { TINY_PLAN, testImage } from './tiny-training.fixture.ts';
import type { TrainedModel } from './trained-model.ts';

const painting = testImage({ width: 17, height: 15 });
const SEED = { seed: 5, index: 0 };

describe.each(ENGINES)('injection on %s', (engine) => {
  let trained: TinyModel;
  let model: TrainedModel;

  beforeAll(async () => {
    await startEngine(engine);
    trained = await trainTinyModel();
    model = trained.load();
  });

  afterAll(() => model.dispose());

  it('gives the same bytes for the same seed and number, and others for others', () => {
    const inject = (o: object = {}) => injectImage(model, { image: painting, startScale: 1, ...SEED, ...o }).data;
    expect(inject()).toEqual(inject());
    expect(inject({ index: 1 })).not.toEqual(inject());
    expect(inject({ seed: 6 })).not.toEqual(inject());
    expect(inject({ startScale: 2 })).not.toEqual(inject());
  });

  it('makes the same image in a sweep as alone', () => {
    const inject = (startScale: number) => injectImage(model, { image: painting, startScale, ...SEED }).data;
    const scales = resolveStartScales('all', { scaleCount: model.scaleCount, min: 1 });
    expect(scales).toEqual([1, 2]);
    const sweep = scales.map(inject);
    expect(scales.toReversed().map(inject).toReversed()).toEqual(sweep);
  });

  it('does as a sample does from there on, with the picture in place of the image of the scale before', () => {
    const startScale = 2;
    const noiseOf = (_: number, shape: [number, number, number, number]) => tf.zeros(shape) as tf.Tensor4D;
    const before = model.reconstructionStart(startScale);
    const [given, drawn] = [
      model.sample({ startScale, noiseOf, start: before }),
      model.sample({ startScale, noiseOf }),
    ];
    expect(given.dataSync()).toEqual(drawn.dataSync());
    expect(before.isDisposed).toBe(false);
    tf.dispose([before, given, drawn]);
  });

  it('takes pictures of any size, as if they had been resized before', () => {
    const large = testImage({ width: 40, height: 23 });
    const resized = resizeImage(large, { width: 17, height: 15 });
    const [a, b] = [large, resized].map((image) => injectImage(model, { image, startScale: 1, ...SEED }));
    expect(a).toMatchObject({ width: 17, height: 15 });
    expect(largestDifference(a as typeof large, b as typeof large)).toBeLessThan(1e-4);
  });

  it.each([60, 200])('makes the same image in tiles of at most %i pixels', (tileLimitPixels) => {
    const o = { image: painting, startScale: 1, ...SEED };
    expect(largestDifference(injectImage(model, { ...o, tileLimitPixels }), injectImage(model, o))).toBeLessThan(1e-5);
  });

  it('shows the picture', () => {
    const negative = { ...painting, data: painting.data.map((value) => -value) };
    const [positive, inverted] = [painting, negative].map((image) =>
      injectImage(model, { image, startScale: 2, ...SEED }),
    ) as [typeof painting, typeof painting];
    expect(rmsDifference(positive, painting)).toBeLessThan(rmsDifference(inverted, painting));
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (let index = 0; index < 20; index++) {
      injectImage(model, { image: painting, startScale: 1 + (index % 2), seed: 1, index });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([0, 3, -1, 1.5])('refuses the start scale %s', (startScale) => {
    expect(() => injectImage(model, { image: painting, startScale, ...SEED })).toThrow(/expected 1 to 2/);
  });

  it('refuses a model without scales and a picture with too few values', () => {
    const empty = trained.load({ scales: [] });
    expect(() => injectImage(empty, { image: painting, startScale: 1, ...SEED })).toThrow(/no trained scale/);
    const broken = { ...painting, data: painting.data.subarray(3) };
    expect(() => injectImage(model, { image: broken, startScale: 1, ...SEED })).toThrow(/expected 765 values/);
  });
});

describe('injection into a model that was trained for longer', () => {
  it('of its reconstruction at the finest scale stays near that', async () => {
    await startEngine('wasm');
    const levels = TINY_PLAN.levels.map((level) => ({ ...level, iterations: 40, channels: 8 }));
    const model = (await trainTinyModel({ reconstructionWeight: 100 }, { ...TINY_PLAN, levels })).load();
    const reconstruction = reconstructImage(model);
    const distances = [0, 1, 2].map((index) =>
      rmsDifference(injectImage(model, { image: reconstruction, startScale: 2, seed: 5, index }), reconstruction),
    );
    const samples = [0, 1, 2].map((index) => rmsDifference(sampleImage(model, { seed: 5, index }), reconstruction));
    expect(Math.max(...distances)).toBeLessThan(0.5 * Math.min(...samples));
    model.dispose();
  });

  it('of the training image, blended into it by a mask, stays near that: harmonization and editing of nothing', async () => {
    await startEngine('wasm');
    const levels = TINY_PLAN.levels.map((level) => ({ ...level, iterations: 40, channels: 8 }));
    const model = (await trainTinyModel({ reconstructionWeight: 100 }, { ...TINY_PLAN, levels })).load();
    const background = testImage({ width: 17, height: 15 });
    const mask = Float32Array.from({ length: 17 * 15 }, (_, pixel) => (pixel % 17) / 16);
    const generated = injectImage(model, { image: background, startScale: 2, ...SEED });
    const blended = rmsDifference(blendMasked({ background, generated, mask }), background);
    const sampled = rmsDifference(sampleImage(model, SEED), background);
    expect(rmsDifference(generated, background)).toBeLessThan(0.5 * sampled);
    expect(blended).toBeLessThan(rmsDifference(generated, background));
    expect(blended).toBeGreaterThan(0);
    model.dispose();
  });
});
