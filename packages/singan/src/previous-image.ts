import type { Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { resizeClamped } from './image-tensor.ts';
import { nearestColours } from './nearest-colours.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';

/**
 * prev: the image of the scale before in the size of this one; zeros at scale 0. The caller disposes.
 * @param palette [colours, 3] of a scale that was trained on quantised inputs: prev then has these colours only
 */
export function previousImage(
  coarser: tf.Tensor4D | null,
  size: Size,
  palette: tf.Tensor2D | null = null,
): tf.Tensor4D {
  if (!coarser) return tf.zeros([1, size.height, size.width, IMAGE_CHANNELS]);
  return tf.tidy(() => {
    const previous = resizeClamped(coarser, size);
    return palette ? nearestColours(previous, palette) : previous;
  });
}
