import * as tf from '@tensorflow/tfjs-core';
import type { NamedArray } from './named-arrays.ts';

/** An array on the backend, in its shape. The caller disposes. */
export function tensorOf<R extends tf.Rank>({ shape, data }: NamedArray): tf.Tensor<R> {
  return tf.tensor<R>(data, shape as tf.ShapeMap[R], 'float32');
}
