import { evaluationScoresSchema } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefaultWeights } from './default-weights.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { texture, withNoise } from './pictures.fixture.ts';

const SIZE = { width: 48, height: 36 };
const real = texture(SIZE);
const samples = [withNoise(real, 5), withNoise(real, 40, 2), texture(SIZE, 1)];

describe('an evaluator', () => {
  let evaluator: Evaluator;
  beforeAll(async () => {
    await startEngine('auto');
    evaluator = createEvaluator(await loadDefaultWeights());
  });
  afterAll(() => evaluator.dispose());

  it('scores a set of samples, each for itself, in their order', async () => {
    const scores = await evaluator.score(real, samples);
    expect(evaluationScoresSchema.parse(scores)).toEqual(scores);
    expect(scores).toMatchObject({ version: 1, weights: 'nsfwjs-4.3.0', inputRange: [0, 1], samples: 3 });
    for (const layer of ['conv2d_2b', 'conv2d_4a'] as const) {
      const values = scores.sifid?.[layer].values ?? [];
      expect(values).toEqual(samples.map((sample) => evaluator.sifid(real, sample)[layer]));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(scores.copyScore?.values).toEqual([1, expect.any(Number), 0]);
    expect(scores.diversity).toBeGreaterThan(0);
  });

  it('gives equal pictures a SIFID of 0, and two pictures the same both ways', () => {
    for (const picture of [real, ...samples, texture({ width: 25, height: 19 })]) {
      expect(Object.values(evaluator.sifid(picture, picture)).every((value) => Number(value) <= 1e-6)).toBe(true);
    }
    const [there, back] = [evaluator.sifid(real, texture(SIZE, 1)), evaluator.sifid(texture(SIZE, 1), real)];
    expect(there.conv2d_2b).toBeGreaterThan(0.01);
    expect(Number(back.conv2d_2b) / Number(there.conv2d_2b)).toBeCloseTo(1, 6);
    expect(Number(back.conv2d_4a) / Number(there.conv2d_4a)).toBeCloseTo(1, 6);
  });

  it('takes samples as they come, and is asked for what it shall measure', async () => {
    async function* drawn(): AsyncGenerator<RgbImage> {
      yield* samples;
    }
    const all = await evaluator.score(real, samples);
    const { sifid, ...rest } = await evaluator.score(real, drawn(), ['diversity', 'copyScore']);
    expect(sifid).toBeNull();
    expect(rest).toEqual({ ...all, sifid: undefined });
    const { diversity, copyScore } = await evaluator.score(real, [texture({ width: 60, height: 50 })], ['sifid']);
    expect([diversity, copyScore]).toEqual([null, null]);
  });

  it('says nothing of the diversity of one sample', async () => {
    expect((await evaluator.score(real, samples.slice(0, 1), ['diversity'])).diversity).toBeNull();
  });

  it('refuses a picture too small for features with the size that would do', async () => {
    const small = texture({ width: 22, height: 18 });
    await expect(evaluator.score(small, [small])).rejects.toMatchObject({
      code: 'evaluation.image_too_small',
      message: expect.stringMatching(/conv2d_4a needs pictures of 23x19 px or more, got 22x18/),
    });
    await expect(evaluator.score(real, [texture({ width: 8, height: 8 })], ['sifid'])).rejects.toThrow(
      'conv2d_2b needs pictures of 9x7 px or more, got 8x8',
    );
    const { conv2d_2b, conv2d_4a } = evaluator.sifid(small, withNoise(small, 30));
    expect(conv2d_2b).toBeGreaterThan(0);
    expect(conv2d_4a).toBeNull();
  });

  it('refuses no samples, and samples of another size', async () => {
    await expect(evaluator.score(real, [])).rejects.toThrow('expected samples to score, got none');
    const other = texture({ width: 48, height: 35 });
    await expect(evaluator.score(real, [other], ['copyScore'])).rejects.toThrow('expected 48x36, got 48x35');
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await evaluator.score(real, samples);
    expect(tf.memory().numTensors).toBe(before);
  });
});
