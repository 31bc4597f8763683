import type { RgbImage } from '@singan/domain';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { animate } from '../animate.ts';
import { ENGINES } from '../engines.fixture.ts';
import { injectImage } from '../inject-image.ts';
import { loadModel } from '../load-model.ts';
import { retrainScale } from '../retrain-scale.ts';
import { reconstructImage, sampleImage } from '../sample-image.ts';
import { superResolve } from '../super-resolve.ts';
import { largestDifference, rmsDifference } from '../tiny-model.fixture.ts';
import { collect, finishedScales, NEVER_STOP, testImage } from '../tiny-training.fixture.ts';
import type { TrainedModel } from '../trained-model.ts';
import type { ScaleFinishedEvent } from '../training-event.ts';
import { TINY_CONCURRENT, TINY_STAGES, tinyConcurrent } from './tiny-concurrent.fixture.ts';

/** Ten times the learning rate, so that a short training does something. */
const CONFIG = { ...TINY_CONCURRENT, learningRate: 5e-3 };
const SEED = { seed: 5, index: 0 };
const IMAGE = testImage({ width: 17, height: 15 });
const LARGER = TINY_STAGES.levels.map(({ width, height }) => ({ width: 2 * width + 1, height: 2 * height }));

describe.each(ENGINES)('a model of the concurrent scheme on %s', (engine) => {
  let trained: ScaleFinishedEvent[];
  let model: TrainedModel;

  const load = (count: number, config = CONFIG) =>
    loadModel({ config, plan: TINY_STAGES, scales: trained.slice(0, count).map(({ bytes }) => bytes) });

  beforeAll(async () => {
    await startEngine(engine);
    trained = finishedScales(await collect(tinyConcurrent({ config: CONFIG })));
    model = load(trained.length);
  });

  afterAll(() => model.dispose());

  it('gives the same bytes for the same seed and number, and others for others', () => {
    const first = sampleImage(model, SEED);
    expect(first).toMatchObject({ width: 17, height: 15 });
    expect(first.data.every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(sampleImage(model, SEED).data).toEqual(first.data);
    expect(sampleImage(model, { seed: 5, index: 1 }).data).not.toEqual(first.data);
    expect(sampleImage(model, { seed: 6, index: 0 }).data).not.toEqual(first.data);
  });

  it('makes samples of any size, from any start scale', () => {
    for (const startScale of [0, 1, 3]) {
      const { width, height, data } = sampleImage(model, { ...SEED, startScale, sizes: LARGER });
      expect({ width, height, values: data.length }).toEqual({ width: 35, height: 30, values: 35 * 30 * 3 });
    }
  });

  it('reconstructs what the training showed, and so does the model of the stages so far', () => {
    for (const [stage, { reconstruction }] of trained.entries()) {
      const early = load(stage + 1);
      expect(early.scaleCount).toBe(stage + 1);
      expect(reconstructImage(early)).toEqual(reconstruction);
      early.dispose();
    }
  });

  it('is the reconstruction when all its noise is that, from any start scale', () => {
    const reconstruction = reconstructImage(model);
    for (const startScale of [0, 1, 2, 3]) {
      const sampled = model.sample({ startScale, noiseOf: (stage) => model.reconstructionNoise(stage) });
      expect(sampled.dataSync()).toEqual(reconstruction.data);
      sampled.dispose();
    }
  });

  it('strays less from the reconstruction the finer the start scale', () => {
    const reconstruction = reconstructImage(model);
    const distances = [0, 2, 3].map((startScale) =>
      rmsDifference(sampleImage(model, { ...SEED, startScale }), reconstruction),
    );
    expect(distances).toEqual(distances.toSorted((a, b) => b - a));
    expect(distances.at(-1)).toBeGreaterThan(0);
  });

  it('takes pictures in from stage 1 on, of any size as if they had been resized before', () => {
    const inject = (image: RgbImage, startScale = 1) => injectImage(model, { image, startScale, ...SEED });
    const painted = inject(IMAGE);
    expect(painted).toMatchObject({ width: 17, height: 15 });
    expect(inject(IMAGE)).toEqual(painted);
    expect(inject(IMAGE, 3)).not.toEqual(painted);
    const negative = { ...IMAGE, data: IMAGE.data.map((value) => -value) };
    expect(inject(negative)).not.toEqual(painted);
    expect(() => inject(IMAGE, 0)).toThrow(/startScale: expected 1 to 3/);
    expect(() => inject(IMAGE, 4)).toThrow(/startScale: expected 1 to 3/);
  });

  it('moves, and stands still where it is held to the reconstruction altogether', async () => {
    const framesOf = async (alpha: number, startScale: number) => {
      const frames: RgbImage[] = [];
      const options = { startScale, alpha, beta: 0.9, frames: 3, seed: 5, isLoop: false };
      for await (const frame of animate(model, options)) frames.push(frame);
      return frames;
    };
    const reconstruction = reconstructImage(model);
    for (const startScale of [0, 2]) {
      expect(new Set((await framesOf(0.1, startScale)).map(({ data }) => data.join())).size).toBe(3);
      for (const frame of await framesOf(1, startScale))
        expect(largestDifference(frame, reconstruction)).toBeLessThan(1e-5);
    }
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    sampleImage(model, { ...SEED, startScale: 2, sizes: LARGER });
    injectImage(model, { image: IMAGE, startScale: 2, ...SEED });
    reconstructImage(model);
    load(2).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what the scheme cannot do, and files that are not its own', async () => {
    expect(() => superResolve(model, { image: IMAGE, factor: 2, seed: 1 })).toThrow(
      /needs the sequential scheme.*"purpose": "super-resolution"/,
    );
    const scales = trained.map(({ bytes }) => bytes);
    const again = {
      ...tinyConcurrent({ config: CONFIG }),
      scales,
      scale: 1,
      colours: 5,
      checkpoint: null,
      control: NEVER_STOP,
    };
    await expect(retrainScale(again).next()).rejects.toThrow(/needs the sequential scheme/);
    expect(() => load(4, { ...CONFIG, seed: 1 })).toThrow(/expected configHash/);
    expect(() => load(0)).toThrow(/no trained scale/);
    const swapped = { config: CONFIG, plan: TINY_STAGES, scales: scales.slice(1, 3) };
    expect(() => loadModel(swapped)).toThrow(/expected stage 1, got 2/);
  });
});

describe('a model of the concurrent scheme with batch norm', () => {
  it('is used as it was trained: by the statistics of the picture at hand', async () => {
    await startEngine('wasm');
    const config = { ...CONFIG, normalization: 'batch' as const };
    const files = finishedScales(await collect(tinyConcurrent({ config })));
    const model = loadModel({ config, plan: TINY_STAGES, scales: files.map(({ bytes }) => bytes) });
    expect(reconstructImage(model)).toEqual(files.at(-1)?.reconstruction);
    const [small, large] = [TINY_STAGES.levels, LARGER].map((sizes) => sampleImage(model, { ...SEED, sizes }));
    expect([small?.width, large?.width]).toEqual([17, 35]);
    model.dispose();
  });
});
