import { convActivation, convBlock } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON } from './net-layout.ts';

/** A 3x3 convolution with bias. */
export interface BiasedLayer {
  /** [3, 3, in, out] */
  readonly weight: tf.Tensor4D;
  /** [out] */
  readonly bias: tf.Tensor1D;
}

/** A 3x3 convolution that is normalised, which cancels a bias. */
export interface NormalisedLayer {
  /** [3, 3, in, out] */
  readonly weight: tf.Tensor4D;
  /** [out] */
  readonly gamma: tf.Tensor1D;
  /** [out] */
  readonly beta: tf.Tensor1D;
}

/** Its tensors are variables where it is trained. */
export type ConvLayer = BiasedLayer | NormalisedLayer;

/** Makes a part of a layer: `weight`, `bias`, `gamma` or `beta`. */
type MakePart = <R extends tf.Rank>(part: string) => tf.Tensor<R>;

export function createBiasedLayer(make: MakePart): BiasedLayer {
  return { weight: make<tf.Rank.R4>('weight'), bias: make<tf.Rank.R1>('bias') };
}

export function createNormalisedLayer(make: MakePart): NormalisedLayer {
  const weight = make<tf.Rank.R4>('weight');
  return { weight, gamma: make<tf.Rank.R1>('gamma'), beta: make<tf.Rank.R1>('beta') };
}

export function disposeLayer(layer: ConvLayer): void {
  tf.dispose(Object.values(layer));
}

/**
 * leakyRelu(conv(x)), normalised with the statistics of this very image if the layer is.
 * @param x [1, height, width, in]
 * @param slope of LeakyReLU; 1 for none
 * @returns [1, height - 2, width - 2, out]; the caller disposes
 */
export function forwardLayer(layer: ConvLayer, x: tf.Tensor4D, slope: number): tf.Tensor4D {
  if ('bias' in layer) return convActivation({ x, ...layer, slope });
  const { y, mean, variance } = convBlock({ x, ...layer, slope, epsilon: BATCH_NORM_EPSILON });
  tf.dispose([mean, variance]);
  return y;
}
