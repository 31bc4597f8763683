import type { Padding } from '@singan/contracts';
import type { Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { resizeClamped } from './image-tensor.ts';
import { nearestColours } from './nearest-colours.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';
import { resizePeriodic } from './resize-periodic.ts';

export interface PreviousImageOptions {
  /** Of the result. */
  readonly size: Size;
  /** Circular: the image goes on at the opposite side, in the resize too. */
  readonly padding: Padding;
  /** [colours, 3] of a scale that was trained on quantised inputs: prev then has these colours only. */
  readonly palette: tf.Tensor2D | null;
}

/** prev: the image of the scale before in the size of this one; zeros at scale 0, where `coarser` is null. The caller disposes. */
export function previousImage(
  coarser: tf.Tensor4D | null,
  { size, padding, palette }: PreviousImageOptions,
): tf.Tensor4D {
  if (!coarser) return tf.zeros([1, size.height, size.width, IMAGE_CHANNELS]);
  return tf.tidy(() => {
    const previous = padding === 'circular' ? resizePeriodic(coarser, size) : resizeClamped(coarser, size);
    return palette ? nearestColours(previous, palette) : previous;
  });
}
