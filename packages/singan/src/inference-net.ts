import { convActivation, convBlock, elu } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, BATCH_NORM_EPSILON, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';
import { type NetStyle, PAPER_STYLE, slopeOf } from './net-style.ts';

/** A convolution with bias; running statistics, if any, are folded into it. */
interface FoldedLayer {
  /** [3, 3, in, out] */
  readonly weight: tf.Tensor4D;
  /** [out] */
  readonly bias: tf.Tensor1D;
}

/** A convolution that is normalised by the statistics of the image at hand. */
interface InstanceLayer {
  /** [3, 3, in, out] */
  readonly weight: tf.Tensor4D;
  /** [out] */
  readonly gamma: tf.Tensor1D;
  /** [out] */
  readonly beta: tf.Tensor1D;
}

type HiddenLayer = FoldedLayer | InstanceLayer;

/** A trained net for use: running statistics folded into weights and biases, once. */
export interface InferenceNet {
  readonly style: NetStyle;
  readonly hidden: readonly HiddenLayer[];
  readonly tail: FoldedLayer;
}

/** A trained net for use. In host memory, so that it is the same on every engine. The caller disposes with {@link disposeInferenceNet}. */
export function createInferenceNet(
  role: NetRole,
  arrays: NamedArrays,
  { normalization, activation }: NetStyle = PAPER_STYLE,
): InferenceNet {
  const style = { normalization, activation };
  const hidden = Array.from({ length: NORMALISED_BLOCKS }, (_, index) => {
    const part = (name: string) => requireArray(arrays, arrayName(role, index + 1, name));
    return createHidden(part, style);
  });
  const tail = plainLayer((name) => requireArray(arrays, arrayName(role, NORMALISED_BLOCKS + 1, name)));
  return { style, hidden, tail };
}

type PartOf = (name: string) => NamedArray;

function createHidden(part: PartOf, { normalization }: NetStyle): HiddenLayer {
  if (normalization === 'none') return plainLayer(part);
  if (normalization === 'batch') return foldedLayer(part);
  const [gamma, beta] = [part('gamma'), part('beta')].map(({ data }) => tf.tensor1d(data)) as [
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  return { weight: tensor4d(part('weight')), gamma, beta };
}

function plainLayer(part: PartOf): FoldedLayer {
  return { weight: tensor4d(part('weight')), bias: tf.tensor1d(part('bias').data) };
}

/** With g = gamma / sqrt(runningVariance + eps):   w' = g w,   b' = beta - g runningMean. */
function foldedLayer(part: PartOf): FoldedLayer {
  const [weight, gamma, beta] = [part('weight'), part('gamma').data, part('beta').data];
  const [mean, variance] = [part('runningMean').data, part('runningVariance').data];
  const gain = Float64Array.from(gamma, (value, i) => value / Math.sqrt((variance[i] as number) + BATCH_NORM_EPSILON));
  // HWIO: the output channel is the fastest index.
  const folded = weight.data.map((value, i) => value * (gain[i % gain.length] as number));
  const bias = beta.map((value, i) => value - (gain[i] as number) * (mean[i] as number));
  return { weight: tensor4d({ shape: weight.shape, data: folded }), bias: tf.tensor1d(bias) };
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
  // At once, not by a tidy at the end: large samples are bound by the activations that are alive.
  const goOn = (y: tf.Tensor4D): void => {
    if (x !== input) x.dispose();
    x = y;
  };
  for (const layer of net.hidden) {
    goOn(forwardHidden(layer, x, slopeOf(net.style)));
    if (net.style.activation === 'elu') goOn(elu(x));
  }
  goOn(convActivation({ x, ...net.tail, slope: 1 }));
  return x;
}

function forwardHidden(layer: HiddenLayer, x: tf.Tensor4D, slope: number): tf.Tensor4D {
  if ('bias' in layer) return convActivation({ x, ...layer, slope });
  const { y, mean, variance } = convBlock({ x, ...layer, slope, epsilon: BATCH_NORM_EPSILON });
  tf.dispose([mean, variance]);
  return y;
}

export function disposeInferenceNet({ hidden, tail }: InferenceNet): void {
  for (const layer of [...hidden, tail]) tf.dispose(Object.values(layer));
}
