import type { Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { IMAGE_CHANNELS } from '../net-layout.ts';

/** Side of a patch, px: what an output of the nets sees, and what a discriminator would judge. */
export const PATCH_SIZE = 11;
export const PATCH_VALUES = PATCH_SIZE * PATCH_SIZE * IMAGE_CHANNELS;

/** Patches of one lattice lie this far apart, px; 4 x 4 lattices hold all patches of an image. */
export const STRIDE = 4;
export const LATTICES = STRIDE * STRIDE;
/** A patch is a 3 x 3 of blocks of 4 x 4 px but for the last row and column, so that a 3 x 3 convolution of blocks sees whole patches. */
const BLOCKS = 3;
const BLOCK_VALUES = STRIDE * STRIDE * IMAGE_CHANNELS;

/** Every fourth patch along each axis. */
export interface Lattice {
  /** Of the first patch, 0 to 3, less in an image of fewer than 14 px. */
  readonly top: number;
  readonly left: number;
  /** Patches along each axis. */
  readonly rows: number;
  readonly columns: number;
}

/** Number of patches along an axis. */
export function placesOf(length: number): number {
  return length - PATCH_SIZE + 1;
}

/** All lattices of an image that have a patch. */
export function latticesOf({ width, height }: Size): Lattice[] {
  const offsets = (length: number) => Array.from({ length: Math.min(STRIDE, placesOf(length)) }, (_, i) => i);
  const countFrom = (offset: number, length: number) => Math.ceil((placesOf(length) - offset) / STRIDE);
  return offsets(height).flatMap((top) =>
    offsets(width).map((left) => ({ top, left, rows: countFrom(top, height), columns: countFrom(left, width) })),
  );
}

/**
 * An image as blocks, for the patches of one lattice: a valid 3 x 3 convolution of it has one output for each of them.
 * @param image [1, height, width, 3]
 * @returns [1, rows + 2, columns + 2, 48]; differentiable
 */
export function blocksOf(image: tf.Tensor4D, { top, left, rows, columns }: Lattice): tf.Tensor4D {
  const [down, across] = [rows + BLOCKS - 1, columns + BLOCKS - 1];
  return tf.tidy(() => {
    // The last blocks may reach a pixel beyond the image, where filters are zero.
    const padded = tf.pad(image, [
      [0, 0],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
    const part = tf.slice(padded, [0, top, left, 0], [1, down * STRIDE, across * STRIDE, IMAGE_CHANNELS]);
    const split = tf.reshape(part, [down, STRIDE, across, STRIDE * IMAGE_CHANNELS]);
    return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [1, down, across, BLOCK_VALUES]);
  });
}

/**
 * Filters for images as blocks: output n of their convolution is the product of a patch with the n-th weights.
 * @param weightOf weight n at a row, column and channel of the patch
 * @returns [3, 3, 48, count]; the caller disposes
 */
export function patchFilters(
  count: number,
  weightOf: (n: number, y: number, x: number, channel: number) => number,
): tf.Tensor4D {
  const data = new Float32Array(BLOCKS * BLOCKS * BLOCK_VALUES * count);
  for (let y = 0; y < PATCH_SIZE; y++) {
    for (let x = 0; x < PATCH_SIZE; x++) {
      const block = Math.floor(y / STRIDE) * BLOCKS + Math.floor(x / STRIDE);
      const pixel = (block * STRIDE + (y % STRIDE)) * STRIDE + (x % STRIDE);
      for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
        const start = (pixel * IMAGE_CHANNELS + channel) * count;
        for (let n = 0; n < count; n++) data[start + n] = weightOf(n, y, x, channel);
      }
    }
  }
  return tf.tensor4d(data, [BLOCKS, BLOCKS, BLOCK_VALUES, count]);
}
