import type { Padding } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { MARGIN } from './net-layout.ts';

/** Which pixel of n stands at position i outside 0 .. n - 1. */
type Beyond = (i: number, n: number) => number;

const modulo: Beyond = (i, n) => ((i % n) + n) % n;

/** Mirrored at the border pixels, which are not repeated; again and again where an image is smaller than the margin. */
const mirrored: Beyond = (i, n) => {
  const place = modulo(i, Math.max(1, 2 * (n - 1)));
  return place < n ? place : 2 * (n - 1) - place;
};

/**
 * An image with the 5 px around it that its generator reads: zeros (also for noise padding, whose margin is filled by the noise
 * itself), the image repeated (circular) or mirrored (reflect). Of slices, for TF.js's own mirrorPad has a wrong gradient.
 * @param x [1, height, width, channels]
 * @returns [1, height + 10, width + 10, channels]; the caller disposes
 */
export function padInput(x: tf.Tensor4D, padding: Padding): tf.Tensor4D {
  if (padding === 'circular') return padBoth(x, modulo);
  if (padding === 'reflect') return padBoth(x, mirrored);
  return tf.pad(x, [
    [0, 0],
    [MARGIN, MARGIN],
    [MARGIN, MARGIN],
    [0, 0],
  ]);
}

function padBoth(x: tf.Tensor4D, beyond: Beyond): tf.Tensor4D {
  return tf.tidy(() => padAxis(padAxis(x, 1, beyond), 2, beyond));
}

function padAxis(x: tf.Tensor4D, axis: 1 | 2, beyond: Beyond): tf.Tensor4D {
  const length = x.shape[axis];
  const pixel = (i: number): tf.Tensor4D => {
    const begin = [0, 0, 0, 0];
    const size = [-1, -1, -1, -1];
    begin[axis] = beyond(i, length);
    size[axis] = 1;
    return tf.slice(x, begin as [number, number, number, number], size as [number, number, number, number]);
  };
  const margin = Array.from({ length: MARGIN }, (_, i) => i);
  const before = margin.map((i) => pixel(i - MARGIN));
  const after = margin.map((i) => pixel(length + i));
  return tf.concat([...before, x, ...after], axis);
}
