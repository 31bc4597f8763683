import type { Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import { type Lattice, PATCH_SIZE, PATCH_VALUES, STRIDE } from './patch-lattice.ts';

/** How many of the patches of some lattices cover each pixel, row-major. */
export function coverageOf({ width, height }: Size, lattices: readonly Lattice[]): Float32Array {
  const coverage = new Float32Array(width * height);
  for (const lattice of lattices) {
    forEachPatch(lattice, ({ top, left }) => {
      for (let y = top; y < top + PATCH_SIZE; y++) {
        for (let x = left; x < left + PATCH_SIZE; x++) {
          coverage[y * width + x] = (coverage[y * width + x] as number) + 1;
        }
      }
    });
  }
  return coverage;
}

/** Calls `visit` with the place of each patch, row by row. */
export function forEachPatch(
  lattice: Lattice,
  visit: (place: { top: number; left: number }, index: number) => void,
): void {
  for (let index = 0; index < lattice.rows * lattice.columns; index++) {
    const [row, column] = [Math.floor(index / lattice.columns), index % lattice.columns];
    visit({ top: lattice.top + STRIDE * row, left: lattice.left + STRIDE * column }, index);
  }
}

export function patchCount(lattices: readonly Lattice[]): number {
  return lattices.reduce((count, { rows, columns }) => count + rows * columns, 0);
}

/**
 * Mean over patches i and over their values of (P_x(i) - P_i)^2, with a fixed patch P_i for each place, as a sum over pixels: a pixel
 * that c patches cover is compared with the mean of what they want of it, c times; what they disagree by is constant.
 */
export interface PatchTarget {
  /** c / (patches * values of a patch), [1, height, width, 3] */
  readonly weights: tf.Tensor4D;
  /** Mean of what the patches want, [1, height, width, 3]. */
  readonly wanted: tf.Tensor4D;
  readonly constant: number;
}

/** c / (patches * values of a patch) of each pixel, in all three channels: [1, height, width, 3]. The caller disposes. */
export function coverageWeights({ width, height }: Size, lattices: readonly Lattice[]): tf.Tensor4D {
  const coverage = coverageOf({ width, height }, lattices);
  const share = 1 / (patchCount(lattices) * PATCH_VALUES);
  const data = Float32Array.from({ length: coverage.length * IMAGE_CHANNELS }, (_, i) => {
    return (coverage[Math.floor(i / IMAGE_CHANNELS)] as number) * share;
  });
  return tf.tensor4d(data, [1, height, width, IMAGE_CHANNELS]);
}

export function distanceTo({ weights, wanted, constant }: PatchTarget, fake: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => tf.add(tf.sum(tf.mul(tf.squaredDifference(fake, wanted), weights)), constant)) as tf.Scalar;
}
