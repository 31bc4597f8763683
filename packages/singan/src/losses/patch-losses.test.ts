import type { RgbImage } from '@singan/domain';
import { startEngine } from '@singan/engine';
import { conv } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from '../engines.fixture.ts';
import { toTensor } from '../image-tensor.ts';
import { normalValues } from '../noise.ts';
import { testImage } from '../tiny-training.fixture.ts';
import { createPatchLoss } from './create-patch-loss.ts';
import { blocksOf, latticesOf, PATCH_VALUES, patchFilters } from './patch-lattice.ts';
import { meanOf, patchDistance, patchesOf } from './patch-oracle.fixture.ts';

const REAL = testImage({ width: 22, height: 17 });

function noisy(seed: number): RgbImage {
  const noise = normalValues(REAL.data.length, { seed, purpose: 'sample', scale: 0 });
  return { ...REAL, data: REAL.data.map((value, i) => 0.5 * value + 0.3 * (noise[i] as number)) };
}

const FAKE = noisy(1);
const LOSSES = ['frechet-patch', 'nearest-patch', 'aligned-patch'] as const;

function distanceOf(loss: (typeof LOSSES)[number], fake: RgbImage, draw: number): number {
  const real = toTensor(REAL);
  const patchLoss = createPatchLoss(loss, { real, scale: 0, seed: 3 });
  const [value] = tf.tidy(() => patchLoss.distance(toTensor(fake), draw)).dataSync();
  patchLoss.dispose();
  return value as number;
}

/** Patches of the lattice that a draw chooses, with their numbers among all. */
function latticePatches(draw: number): number[] {
  const lattices = latticesOf(REAL);
  const { top, left } = lattices[Math.floor(draw * lattices.length)] as (typeof lattices)[number];
  const columns = REAL.width - 10;
  const all = Array.from({ length: columns * (REAL.height - 10) }, (_, i) => i);
  return all.filter((i) => Math.floor(i / columns) % 4 === top && (i % columns) % 4 === left);
}

describe.each(ENGINES)('the patch losses on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  it('see every patch of an image once, as it is', () => {
    const weights = normalValues(2 * PATCH_VALUES, { seed: 9, purpose: 'sample', scale: 0 });
    const filters = patchFilters(
      2,
      (n, y, x, channel) => weights[n * PATCH_VALUES + (y * 11 + x) * 3 + channel] as number,
    );
    const columns = REAL.width - 10;
    const patches = patchesOf(REAL);
    let seen = 0;
    for (const lattice of latticesOf(REAL)) {
      const products = tf.tidy(() => conv({ x: blocksOf(toTensor(REAL), lattice), weight: filters })).dataSync();
      for (let i = 0; i < lattice.rows * lattice.columns; i++, seen++) {
        const row = lattice.top + 4 * Math.floor(i / lattice.columns);
        const patch = patches[row * columns + lattice.left + 4 * (i % lattice.columns)] as Float64Array;
        for (const n of [0, 1]) {
          const expected = patch.reduce((sum, v, k) => sum + v * (weights[n * PATCH_VALUES + k] as number), 0);
          expect(products[2 * i + n]).toBeCloseTo(expected, 3);
        }
      }
    }
    expect(seen).toBe(patches.length);
  });

  it('compare patches at the same place', () => {
    const [real, fake] = [patchesOf(REAL), patchesOf(FAKE)];
    const expected = meanOf(fake.map((patch, i) => patchDistance(patch, real[i] as Float64Array)));
    expect(distanceOf('aligned-patch', FAKE, 0) / expected).toBeCloseTo(1, 5);
  });

  it.each([0, 0.4, 0.99])('compare the patches of one lattice (draw %d) with the nearest of all', (draw) => {
    const [real, fake] = [patchesOf(REAL), patchesOf(FAKE)];
    const distances = latticePatches(draw).map((i) => {
      return Math.min(...real.map((patch) => patchDistance(fake[i] as Float64Array, patch)));
    });
    expect(distanceOf('nearest-patch', FAKE, draw) / meanOf(distances)).toBeCloseTo(1, 4);
  });

  it.each(LOSSES)('%s is about 0 for the picture itself, and more the further a picture is from it', (loss) => {
    const closer = { ...REAL, data: REAL.data.map((value, i) => 0.9 * value + 0.1 * (FAKE.data[i] as number)) };
    const [own, near, far] = [REAL, closer, FAKE].map((image) => distanceOf(loss, image, 0.5)) as [
      number,
      number,
      number,
    ];
    expect(Math.abs(own)).toBeLessThan(1e-5);
    expect(near).toBeGreaterThan(10 * Math.abs(own));
    expect(far).toBeGreaterThan(2 * near);
  });

  it.each(LOSSES)('%s has the gradient found by differences', (loss) => {
    const real = toTensor(REAL);
    const patchLoss = createPatchLoss(loss, { real, scale: 0, seed: 3 });
    const direction = normalValues(REAL.data.length, { seed: 5, purpose: 'sample', scale: 0 });
    const at = (t: number): number => {
      const moved = { ...FAKE, data: FAKE.data.map((value, i) => value + t * (direction[i] as number)) };
      return tf.tidy(() => patchLoss.distance(toTensor(moved), 0.5)).dataSync()[0] as number;
    };
    const gradient = tf.tidy(() => tf.grad((x) => patchLoss.distance(x as tf.Tensor4D, 0.5))(toTensor(FAKE)));
    const analytic = gradient
      .dataSync<'float32'>()
      .reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
    const h = 1 / 256;
    expect(analytic / ((at(h) - at(-h)) / (2 * h))).toBeCloseTo(1, 2);
    patchLoss.dispose();
  });

  it.each(LOSSES)('%s leaves no tensor behind', (loss) => {
    const [real, fake] = [toTensor(REAL), toTensor(FAKE)];
    const before = tf.memory().numTensors;
    const patchLoss = createPatchLoss(loss, { real, scale: 0, seed: 3 });
    const kept = tf.memory().numTensors;
    for (const draw of [0.1, 0.6]) {
      tf.grad((x) => patchLoss.distance(x as tf.Tensor4D, draw))(fake).dispose();
      patchLoss.distance(fake, draw).dispose();
    }
    tf.tidy(() => void patchLoss.distance(fake, 0));
    expect(tf.memory().numTensors - kept).toBe(0);
    patchLoss.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
