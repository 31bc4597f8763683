import type { Padding, PyramidPlan } from '@singan/contracts';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalNoise } from './noise.ts';
import type { NoiseShape } from './noise-shape.ts';
import { trainTinyModel } from './tiny-model.fixture.ts';
import { TINY_PLAN } from './tiny-training.fixture.ts';

/** Even, so that half a picture is as many whole pixels at every scale. */
const SIZES = [
  { width: 14, height: 12 },
  { width: 18, height: 16 },
  { width: 24, height: 20 },
];

/** An image with its quarters swapped: its edges meet in its middle, and what was its middle is at its edges. */
function swapped(x: tf.Tensor4D): tf.Tensor4D {
  const rows = tf.concat(tf.split(x, 2, 1).reverse(), 1);
  return tf.concat(tf.split(rows, 2, 2).reverse(), 2) as tf.Tensor4D;
}

async function largestSeam(padding: Padding, plan: PyramidPlan): Promise<number> {
  const trained = await trainTinyModel({ padding }, plan);
  const model = trained.load();
  const noiseOf = (scale: number, shape: NoiseShape) => normalNoise(shape, { seed: 2, purpose: 'sample', scale });
  const seam = tf.tidy(() => {
    const plain = model.sample({ sizes: SIZES, noiseOf });
    const moved = model.sample({ sizes: SIZES, noiseOf: (scale, shape) => swapped(noiseOf(scale, shape)) });
    return tf.max(tf.abs(tf.sub(swapped(plain), moved)));
  });
  const [value] = seam.dataSync();
  tf.dispose(seam);
  model.dispose();
  return value as number;
}

describe('samples of a model with circular padding', () => {
  beforeAll(() => startEngine('wasm'));

  it('tile: moving the noise moves the sample over its edges, through all scales, so no place is an edge', async () => {
    expect(await largestSeam('circular', TINY_PLAN)).toBeLessThan(1e-5);
    expect(await largestSeam('zero', TINY_PLAN)).toBeGreaterThan(5e-4);
    expect(await largestSeam('reflect', TINY_PLAN)).toBeGreaterThan(5e-4);
  });
});
