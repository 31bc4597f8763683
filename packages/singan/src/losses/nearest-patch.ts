import type { Size } from '@singan/domain';
import { convActivation } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import {
  blocksOf,
  type Lattice,
  latticesOf,
  PATCH_SIZE,
  PATCH_VALUES,
  patchFilters,
  placesOf,
} from './patch-lattice.ts';
import type { PatchLoss } from './patch-loss.ts';
import { coverageOf, coverageWeights, distanceTo, forEachPatch, type PatchTarget, patchCount } from './patch-target.ts';

/** Patches of the picture that are compared at once: their products with 3,000 patches take 3 MB. */
const CHUNK = 256;

/** Patches of the picture as filters. */
interface Chunk {
  /** Number of its first patch. */
  readonly first: number;
  readonly count: number;
  /** [3, 3, 48, count] */
  readonly weight: tf.Tensor4D;
  /** -|p_r|^2 / 2, [count]: the largest of p_g p_r - |p_r|^2 / 2 is the nearest. */
  readonly bias: tf.Tensor1D;
}

/**
 * E over generated patches of min over real patches |p_g - p_r|^2, the square meaned over the values of a patch. Each step looks at
 * one of the 16 lattices of generated patches, drawn at random, and at all real patches. Which patch is the nearest is found outside
 * of the gradient, which it does not change: where the nearest changes, both are equally near.
 */
export class NearestPatchLoss implements PatchLoss {
  readonly #size: Size;
  readonly #lattices: readonly Lattice[];
  readonly #real: Float32Array;
  readonly #chunks: readonly Chunk[];

  constructor(real: tf.Tensor4D) {
    const [, height, width] = real.shape;
    this.#size = { width, height };
    this.#lattices = latticesOf(this.#size);
    this.#real = Float32Array.from(real.dataSync());
    this.#chunks = this.#realPatches();
  }

  distance(fake: tf.Tensor4D, draw: number): tf.Scalar {
    const lattice = this.#lattices[Math.floor(draw * this.#lattices.length)] as Lattice;
    return tf.tidy(() => distanceTo(this.#targetOf(this.#nearest(fake, lattice), lattice), fake));
  }

  dispose(): void {
    for (const { weight, bias } of this.#chunks) tf.dispose([weight, bias]);
  }

  #realPatches(): Chunk[] {
    const total = placesOf(this.#size.width) * placesOf(this.#size.height);
    return Array.from({ length: Math.ceil(total / CHUNK) }, (_, index) => {
      const first = index * CHUNK;
      const count = Math.min(CHUNK, total - first);
      const weight = patchFilters(count, (n, y, x, channel) => this.#valueOf(first + n, { y, x, channel }));
      const bias = Array.from({ length: count }, (__, n) => -this.#squareOf(first + n) / 2);
      return { first, count, weight, bias: tf.tensor1d(bias) };
    });
  }

  /** Value of a patch of the picture; patches count row by row. */
  #valueOf(patch: number, at: { y: number; x: number; channel: number }): number {
    const { width } = this.#size;
    const columns = placesOf(width);
    const pixel = (Math.floor(patch / columns) + at.y) * width + (patch % columns) + at.x;
    return this.#real[pixel * IMAGE_CHANNELS + at.channel] as number;
  }

  #squareOf(patch: number): number {
    let sum = 0;
    for (let i = 0; i < PATCH_VALUES; i++) sum += this.#valueOf(patch, placeInPatch(i)) ** 2;
    return sum;
  }

  /** Number of the nearest patch of the picture, for each patch of a lattice. */
  #nearest(fake: tf.Tensor4D, lattice: Lattice): Int32Array {
    const places = lattice.rows * lattice.columns;
    const best = new Float32Array(places).fill(Number.NEGATIVE_INFINITY);
    const nearest = new Int32Array(places);
    tf.tidy(() => {
      const x = blocksOf(fake, lattice);
      for (const { first, count, weight, bias } of this.#chunks) {
        const product = convActivation({ x, weight, bias, slope: 1 });
        const products = product.dataSync();
        product.dispose();
        for (let place = 0, i = 0; place < places; place++) {
          for (let n = 0; n < count; n++, i++) {
            if ((products[i] as number) <= (best[place] as number)) continue;
            best[place] = products[i] as number;
            nearest[place] = first + n;
          }
        }
      }
    });
    return nearest;
  }

  /** Each patch of the lattice wants to be the one of the picture that is nearest to it. */
  #targetOf(nearest: Int32Array, lattice: Lattice): PatchTarget {
    const { width, height } = this.#size;
    const wanted = new Float32Array(width * height * IMAGE_CHANNELS);
    let squares = 0;
    forEachPatch(lattice, ({ top, left }, index) => {
      for (let i = 0; i < PATCH_VALUES; i++) {
        const at = placeInPatch(i);
        const value = this.#valueOf(nearest[index] as number, at);
        const place = ((top + at.y) * width + left + at.x) * IMAGE_CHANNELS + at.channel;
        wanted[place] = (wanted[place] as number) + value;
        squares += value * value;
      }
    });
    const coverage = coverageOf(this.#size, [lattice]);
    for (let i = 0; i < wanted.length; i++) {
      const count = Math.max(1, coverage[Math.floor(i / IMAGE_CHANNELS)] as number);
      squares -= (wanted[i] as number) ** 2 / count;
      wanted[i] = (wanted[i] as number) / count;
    }
    return {
      weights: coverageWeights(this.#size, [lattice]),
      wanted: tf.tensor4d(wanted, [1, height, width, IMAGE_CHANNELS]),
      constant: Math.max(0, squares) / (patchCount([lattice]) * PATCH_VALUES),
    };
  }
}

function placeInPatch(i: number): { y: number; x: number; channel: number } {
  const pixel = Math.floor(i / IMAGE_CHANNELS);
  return { y: Math.floor(pixel / PATCH_SIZE), x: pixel % PATCH_SIZE, channel: i % IMAGE_CHANNELS };
}
