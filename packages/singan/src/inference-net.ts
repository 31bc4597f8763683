import { convActivation } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, BATCH_NORM_EPSILON, LEAKY_SLOPE, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';

interface InferenceLayer {
  /** [3, 3, in, out] */
  readonly weight: tf.Tensor4D;
  /** [out] */
  readonly bias: tf.Tensor1D;
  readonly slope: number;
}

/** A trained net for use: running statistics folded into weights and biases, once. */
export interface InferenceNet {
  readonly layers: readonly InferenceLayer[];
}

/**
 * Folds a trained net, with g = gamma / sqrt(runningVariance + eps):   w' = g w,   b' = beta - g runningMean.
 * In host memory, so that it is the same on every engine. The caller disposes with {@link disposeInferenceNet}.
 */
export function createInferenceNet(role: NetRole, arrays: NamedArrays): InferenceNet {
  const layers = Array.from({ length: NORMALISED_BLOCKS }, (_, index) => foldBlock(role, index + 1, arrays));
  const part = (name: string) => requireArray(arrays, arrayName(role, NORMALISED_BLOCKS + 1, name));
  return { layers: [...layers, { weight: tensor4d(part('weight')), bias: tf.tensor1d(part('bias').data), slope: 1 }] };
}

function foldBlock(role: NetRole, block: number, arrays: NamedArrays): InferenceLayer {
  const part = (name: string) => requireArray(arrays, arrayName(role, block, name));
  const [weight, gamma, beta] = [part('weight'), part('gamma').data, part('beta').data];
  const [mean, variance] = [part('runningMean').data, part('runningVariance').data];
  const gain = Float64Array.from(gamma, (value, i) => value / Math.sqrt((variance[i] as number) + BATCH_NORM_EPSILON));
  // HWIO: the output channel is the fastest index.
  const folded = weight.data.map((value, i) => value * (gain[i % gain.length] as number));
  const bias = beta.map((value, i) => value - (gain[i] as number) * (mean[i] as number));
  return { weight: tensor4d({ shape: weight.shape, data: folded }), bias: tf.tensor1d(bias), slope: LEAKY_SLOPE };
}

function tensor4d({ shape, data }: NamedArray): tf.Tensor4D {
  return tf.tensor4d(data, shape as [number, number, number, number]);
}

/**
 * @param input [1, height, width, 3]
 * @returns [1, height - 10, width - 10, out], before the generator's tanh
 */
export function forwardInference(net: InferenceNet, input: tf.Tensor4D): tf.Tensor4D {
  let x = input;
  for (const layer of net.layers) {
    const y = convActivation({ x, ...layer });
    // At once, not by a tidy at the end: large samples are bound by the activations that are alive.
    if (x !== input) x.dispose();
    x = y;
  }
  return x;
}

export function disposeInferenceNet(net: InferenceNet): void {
  for (const { weight, bias } of net.layers) tf.dispose([weight, bias]);
}
