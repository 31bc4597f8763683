import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { resizeImage } from './image-tensor.ts';
import { superResolve } from './super-resolve.ts';
import { largestDifference, rmsDifference, type TinyModel, trainTinyModel } from './tiny-model.fixture.ts';
import { testImage } from './tiny-training.fixture.ts';
import type { TrainedModel } from './trained-model.ts';

const image = testImage({ width: 17, height: 15 });

describe.each(ENGINES)('super-resolution on %s', (engine) => {
  let trained: TinyModel;
  let model: TrainedModel;

  beforeAll(async () => {
    await startEngine(engine);
    trained = await trainTinyModel();
    model = trained.load();
  });

  afterAll(() => model.dispose());

  it.each([
    [2, 34, 30],
    [1.5, 26, 23],
    [1.04, 18, 16],
    [3, 51, 45],
  ])('by %s has exactly the size %ix%i', (factor, width, height) => {
    const result = superResolve(model, { image, factor, seed: 5 });
    expect(result).toMatchObject({ width, height });
    expect(result.data).toHaveLength(3 * width * height);
    expect(result.data.every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const enlarge = (seed: number) => superResolve(model, { image, factor: 1.5, seed }).data;
    expect(enlarge(5)).toEqual(enlarge(5));
    expect(enlarge(6)).not.toEqual(enlarge(5));
  });

  it.each([60, 333, 1019])('makes the same image in tiles of at most %i pixels', (tileLimitPixels) => {
    const o = { image, factor: 2, seed: 5 };
    expect(largestDifference(superResolve(model, { ...o, tileLimitPixels }), superResolve(model, o))).toBeLessThan(
      1e-5,
    );
  });

  it('is still the picture', () => {
    const back = resizeImage(superResolve(model, { image, factor: 2, seed: 5 }), image);
    const mirrored = { ...image, data: image.data.toReversed() };
    expect(rmsDifference(back, image)).toBeLessThan(0.7 * rmsDifference(back, mirrored));
  });

  it('takes pictures of other sizes than the training image', () => {
    const other = testImage({ width: 37, height: 41 });
    // 55.5 and 61.5, halves up.
    expect(superResolve(model, { image: other, factor: 1.5, seed: 5 })).toMatchObject({ width: 56, height: 62 });
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (let seed = 0; seed < 5; seed++) superResolve(model, { image, factor: 1.5, seed });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses factors that do not enlarge or enlarge too much, and a model of the coarsest scale alone', () => {
    for (const factor of [1, 8.5]) {
      expect(() => superResolve(model, { image, factor, seed: 5 })).toThrow(/above 1 and at most 8/);
    }
    const coarsest = trained.load({ scales: trained.files.slice(0, 1) });
    expect(() => superResolve(coarsest, { image, factor: 2, seed: 5 })).toThrow(/at least two trained scales, got 1/);
    coarsest.dispose();
  });
});
