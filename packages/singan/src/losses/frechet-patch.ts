import type { Size } from '@singan/domain';
import { conv } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { normalValues } from '../noise.ts';
import {
  blocksOf,
  LATTICES,
  type Lattice,
  latticesOf,
  PATCH_SIZE,
  PATCH_VALUES,
  patchFilters,
} from './patch-lattice.ts';
import type { PatchLoss, PatchLossOptions } from './patch-loss.ts';
import { matrixOf, rootTrace } from './root-trace.ts';
import { type Matrix, squareRoots } from './square-roots.ts';

/** Dimensions that the 363 values of a patch are projected to. */
const DIMENSIONS = 32;
/** Share of the mean variance in every variance: with few patches, a covariance has directions without any. */
const SHRINKAGE = 0.1;
/** Variance of nothing: keeps the root of a flat sample's covariance defined. */
const LEAST_VARIANCE = 1e-6;
/** Generated patches that a step looks at: with more it takes some of the lattices, beginning at a random one. */
const MOST_PATCHES = 8192;

/** Distribution of projected patches, taken for Gaussian. */
interface Gaussian {
  /** [k] */
  readonly mean: tf.Tensor1D;
  /** [k, k], shrunk. */
  readonly covariance: tf.Tensor2D;
}

/**
 * Frechet distance of the patches, projected to k dimensions, taken for Gaussian:
 *
 *   |mu_r - mu_g|^2 + Tr(S_r + S_g - 2 (S_r^(1/2) S_g S_r^(1/2))^(1/2)),   S <- (1 - s) S + s (Tr S / k) I
 *
 * The projection is normal noise drawn once, by the training's seed, scaled so that the distance is in squares of pixel values.
 * (S_r^(1/2) S_g S_r^(1/2))^(1/2) has the trace of (S_r S_g)^(1/2), and is symmetric.
 */
export class FrechetPatchLoss implements PatchLoss {
  readonly #lattices: readonly Lattice[];
  /** [3, 3, 48, k] */
  readonly #projection: tf.Tensor4D;
  readonly #mean: tf.Tensor1D;
  /** Tr S_r */
  readonly #trace: tf.Scalar;
  /** S_r^(1/2) */
  readonly #root: Matrix;

  constructor({ real, scale, seed }: PatchLossOptions) {
    const [, height, width] = real.shape;
    this.#lattices = latticesOf({ width, height });
    this.#projection = projectionOf(seed, scale);
    const { mean, covariance } = tf.tidy(() => ({ ...this.#distributionOf(real, this.#lattices) }));
    this.#mean = mean;
    this.#trace = traceOf(covariance);
    this.#root = squareRoots(matrixOf(covariance)).root;
    covariance.dispose();
  }

  distance(fake: tf.Tensor4D, draw: number): tf.Scalar {
    const [, height, width] = fake.shape;
    return tf.tidy(() => {
      const { mean, covariance } = this.#distributionOf(fake, someOf(this.#lattices, { width, height }, draw));
      // |mu_r - mu_g|^2
      const meanDistance = tf.sum(tf.squaredDifference(mean, this.#mean));
      // Tr(S_r + S_g - 2 (S_r^(1/2) S_g S_r^(1/2))^(1/2))
      const traces = tf.add(this.#trace, traceOf(covariance));
      return tf.add(meanDistance, tf.sub(traces, tf.mul(rootTrace(covariance, this.#root), 2)));
    });
  }

  dispose(): void {
    tf.dispose([this.#projection, this.#mean, this.#trace]);
  }

  #distributionOf(image: tf.Tensor4D, lattices: readonly Lattice[]): Gaussian {
    const projected = lattices.map((lattice) =>
      tf.reshape(conv({ x: blocksOf(image, lattice), weight: this.#projection }), [-1, DIMENSIONS]),
    );
    const points = tf.concat(projected as tf.Tensor2D[], 0);
    const mean = tf.mean(points, 0) as tf.Tensor1D;
    const centered = tf.sub(points, mean) as tf.Tensor2D;
    const covariance = tf.div(tf.matMul(centered, centered, true), points.shape[0]) as tf.Tensor2D;
    return { mean, covariance: shrunk(covariance) };
  }
}

function traceOf(a: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.sum(tf.mul(a, tf.eye(DIMENSIONS))));
}

function shrunk(covariance: tf.Tensor2D): tf.Tensor2D {
  const shared = tf.add(tf.mul(traceOf(covariance), SHRINKAGE / DIMENSIONS), LEAST_VARIANCE);
  return tf.add(tf.mul(covariance, 1 - SHRINKAGE), tf.mul(tf.eye(DIMENSIONS), shared));
}

/** Normal, of variance 1 / (values of a patch * k): the projection of a patch has the mean of its squares as its expected square. */
function projectionOf(seed: number, scale: number): tf.Tensor4D {
  const values = normalValues(DIMENSIONS * PATCH_VALUES, { seed, purpose: 'projection', scale });
  const deviation = 1 / Math.sqrt(PATCH_VALUES * DIMENSIONS);
  return patchFilters(DIMENSIONS, (n, y, x, channel) => {
    const place = (y * PATCH_SIZE + x) * (PATCH_VALUES / PATCH_SIZE ** 2) + channel;
    return deviation * (values[place * DIMENSIONS + n] as number);
  });
}

/** As many lattices as hold `MOST_PATCHES`, at least one, beginning at a random one. */
function someOf(lattices: readonly Lattice[], { width, height }: Size, draw: number): Lattice[] {
  const count = Math.max(1, Math.min(lattices.length, Math.floor((MOST_PATCHES * LATTICES) / (width * height))));
  const first = Math.floor(draw * lattices.length);
  return Array.from({ length: count }, (_, i) => lattices[(first + i) % lattices.length] as Lattice);
}
