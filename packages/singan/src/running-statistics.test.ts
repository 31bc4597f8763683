import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialWeights } from './initial-weights.ts';
import {
  blockStatistics,
  createRunningStatistics,
  feedRunningStatistics,
  readRunningStatistics,
} from './running-statistics.ts';

describe('running statistics', () => {
  beforeAll(async () => {
    await startEngine('cpu');
  });

  it('move a tenth of the way to each batch, to its unbiased variance', () => {
    const arrays = initialWeights({ role: 'discriminator', channels: 2, seed: 1, scale: 0 });
    const before = tf.memory().numTensors;
    const running = createRunningStatistics('discriminator', arrays);
    const batch = () =>
      tf.tidy(() =>
        [1, 2, 3, 4].map((block) => {
          const [mean, variance] = [tf.tensor1d([block, -block]), tf.tensor1d([block, 2 * block])];
          return blockStatistics({ mean, variance, pixels: 5 });
        }),
      );
    feedRunningStatistics(running, batch());
    feedRunningStatistics(running, batch());
    const values = readRunningStatistics(running);
    for (let block = 1; block <= 4; block++) {
      const read = (part: string) => [...(values.get(`discriminator.block${block}.${part}`)?.data ?? [])];
      // From 0 and 1: after two batches 0.81 of the start and 0.19 of the batch are left.
      const expectedMean = [0.19 * block, -0.19 * block];
      const expectedVariance = [0.81 + 0.19 * block * 1.25, 0.81 + 0.19 * 2 * block * 1.25];
      for (const [i, value] of read('runningMean').entries())
        expect(value).toBeCloseTo(expectedMean[i] ?? Number.NaN, 5);
      for (const [i, value] of read('runningVariance').entries()) {
        expect(value).toBeCloseTo(expectedVariance[i] ?? Number.NaN, 5);
      }
    }
    running.packed.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
