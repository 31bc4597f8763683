import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { loadModel } from './load-model.ts';
import { reconstructImage, sampleImage } from './sample-image.ts';
import { largestDifference } from './tiny-model.fixture.ts';
import { collect, finishedScales, TINY_CONFIG, TINY_PLAN, tinyOptions } from './tiny-training.fixture.ts';
import type { TrainedModel } from './trained-model.ts';
import type { ScaleFinishedEvent } from './training-event.ts';

const LARGER = [
  { width: 31, height: 22 },
  { width: 38, height: 27 },
  { width: 45, height: 33 },
];

describe.each(ENGINES)('sampling on %s', (engine) => {
  let scales: ScaleFinishedEvent[];
  let model: TrainedModel;

  beforeAll(async () => {
    await startEngine(engine);
    // Ten times the learning rate, so that the generators of this short training do something.
    scales = finishedScales(await collect(tinyOptions({ config: { ...TINY_CONFIG, learningRate: 5e-3 } })));
    model = load(scales.length);
  });

  afterAll(() => model.dispose());

  const load = (count: number) =>
    loadModel({
      config: { ...TINY_CONFIG, learningRate: 5e-3 },
      plan: TINY_PLAN,
      scales: scales.slice(0, count).map(({ bytes }) => bytes),
    });

  it('gives the same bytes for the same seed and number, and others for others', () => {
    const first = sampleImage(model, { seed: 5, index: 0 });
    expect(first).toMatchObject({ width: 17, height: 15 });
    expect(sampleImage(model, { seed: 5, index: 0 }).data).toEqual(first.data);
    expect(sampleImage(model, { seed: 5, index: 1 }).data).not.toEqual(first.data);
    expect(sampleImage(model, { seed: 6, index: 0 }).data).not.toEqual(first.data);
  });

  it('draws samples in any order', () => {
    const backwards = [2, 1, 0].map((index) => sampleImage(model, { seed: 5, index }).data).reverse();
    expect([0, 1, 2].map((index) => sampleImage(model, { seed: 5, index }).data)).toEqual(backwards);
  });

  it('makes samples of any size', () => {
    const { width, height, data } = sampleImage(model, { seed: 5, index: 0, sizes: LARGER });
    expect({ width, height, values: data.length }).toEqual({ width: 45, height: 33, values: 45 * 33 * 3 });
  });

  it.each([1, 60, 333, 45 * 33 - 1])('makes the same image in tiles of at most %i pixels', (tileLimitPixels) => {
    const whole = sampleImage(model, { seed: 5, index: 0, sizes: LARGER });
    const sizes = tileLimitPixels === 1 ? undefined : LARGER;
    const tiled = sampleImage(model, { seed: 5, index: 0, tileLimitPixels, ...(sizes && { sizes }) });
    const expected = sizes ? whole : sampleImage(model, { seed: 5, index: 0 });
    expect(largestDifference(tiled, expected)).toBeLessThan(1e-5);
  });

  it('keeps the reconstruction below the start scale', () => {
    const reconstruction = reconstructImage(model);
    const distance = (startScale: number) =>
      largestDifference(sampleImage(model, { seed: 5, index: 0, startScale }), reconstruction);
    expect(distance(2)).toBeLessThan(distance(0));
    expect(distance(2)).toBeGreaterThan(0);
  });

  it('stretches the reconstruction below the start scale to another size', () => {
    const image = sampleImage(model, { seed: 5, index: 0, startScale: 1, sizes: LARGER });
    expect(image).toMatchObject({ width: 45, height: 33 });
  });

  it('reconstructs and previews what the training reported', () => {
    for (const [scale, { reconstruction }] of scales.entries()) {
      const partial = load(scale + 1);
      expect(reconstructImage(partial).data).toEqual(reconstruction.data);
      partial.dispose();
    }
  });

  it('samples from the scales done so far', () => {
    const partial = load(2);
    expect(sampleImage(partial, { seed: 5, index: 0 })).toMatchObject({ width: 15, height: 13 });
    expect(sampleImage(partial, { seed: 5, index: 0, sizes: LARGER })).toMatchObject({ width: 38, height: 27 });
    partial.dispose();
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const another = load(3);
    for (let index = 0; index < 50; index++) sampleImage(another, { seed: 1, index, startScale: index % 3 });
    another.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a start scale outside the model, and sizes for fewer scales', () => {
    for (const startScale of [-1, 3, 0.5]) {
      expect(() => sampleImage(model, { seed: 1, index: 0, startScale })).toThrow(/expected 0 to 2/);
    }
    expect(() => sampleImage(model, { seed: 1, index: 0, sizes: LARGER.slice(1) })).toThrow(
      /sizes of all 3 scales, got 2/,
    );
  });

  it('refuses a model without a scale', () => {
    const empty = load(0);
    expect(() => sampleImage(empty, { seed: 1, index: 0 })).toThrow(/no trained scale/);
    expect(() => reconstructImage(empty)).toThrow(/no trained scale/);
  });

  it('refuses files of another training or out of order', () => {
    const files = scales.map(({ bytes }) => bytes);
    const config = { ...TINY_CONFIG, learningRate: 5e-3 };
    expect(() => loadModel({ config: { ...config, seed: 8 }, plan: TINY_PLAN, scales: files })).toThrow(/configHash/);
    expect(() => loadModel({ config, plan: TINY_PLAN, scales: files.slice(1) })).toThrow(/expected scale 0, got 1/);
  });
});
