import type { Size } from '@singan/domain';
import { resize } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The resize of the method for an image that repeats: weights that reach over an edge find the opposite one there, not the
 * mirrored one. Along each axis three copies are resized together, at the same ratio, and the one in the middle is kept.
 * @param x [1, height, width, 3]
 * @returns of `size`, clamped to [-1, 1]; the caller disposes
 */
export function resizePeriodic(x: tf.Tensor4D, { height, width }: Size): tf.Tensor4D {
  return tf.tidy(() => {
    const clamped = tf.clipByValue(x, -1, 1);
    const tall = resize(tf.concat([clamped, clamped, clamped], 1), { height: 3 * height, width: x.shape[2] });
    const middle = tf.slice(tall, [0, height, 0, 0], [1, height, -1, -1]);
    const wide = resize(tf.concat([middle, middle, middle], 2), { height, width: 3 * width });
    return tf.clipByValue(tf.slice(wide, [0, 0, width, 0], [1, -1, width, -1]), -1, 1);
  });
}
