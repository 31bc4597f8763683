import * as tf from '@tensorflow/tfjs-core';
import { tensorOf } from './array-tensor.ts';
import type { NamedArrays } from './named-arrays.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';
import { PALETTE } from './scale-state.ts';

/** The palette of a scale that was trained on quantised inputs, [colours, 3]; null for an ordinary one. The caller disposes. */
export function paletteTensor(arrays: NamedArrays): tf.Tensor2D | null {
  const palette = arrays.get(PALETTE);
  return palette ? tensorOf(palette) : null;
}

/**
 * Each pixel becomes the colour of the palette at the least squared distance, the first of equals. `quantize` on the backend.
 * @param x [1, height, width, 3]
 * @param palette [colours, 3]
 * @returns [1, height, width, 3]; the caller disposes
 */
export function nearestColours(x: tf.Tensor4D, palette: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const [colours] = palette.shape;
    const pixels = tf.reshape(x, [-1, 1, IMAGE_CHANNELS]);
    const distances = tf.sum(tf.squaredDifference(pixels, tf.reshape(palette, [1, colours, IMAGE_CHANNELS])), 2);
    const nearest = tf.argMin(distances, 1) as tf.Tensor1D;
    return tf.reshape(tf.gather(palette, nearest), x.shape);
  });
}
