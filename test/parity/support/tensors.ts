import { MARGIN, type NamedArrays, type Trainable } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { type GoldenArray, imageOf } from './golden-array.ts';

export function imageTensor(array: GoldenArray): tf.Tensor4D {
  const { shape, data } = imageOf(array);
  return tf.tensor4d(data, shape as [number, number, number, number]);
}

/** Takes the padding of 5 px off. */
export function cropMargin(padded: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = padded.shape;
  return tf.slice(padded, [0, MARGIN, MARGIN, 0], [1, height - 2 * MARGIN, width - 2 * MARGIN, -1]);
}

/** Gradients under the names of the parameters. */
export function namedGradients(net: Trainable, gradients: readonly tf.Tensor[]): NamedArrays {
  const names = [...net.parameters.keys()];
  return new Map(
    gradients.map((gradient, i) => [
      names[i] as string,
      { shape: gradient.shape, data: Float32Array.from(gradient.dataSync()) },
    ]),
  );
}
