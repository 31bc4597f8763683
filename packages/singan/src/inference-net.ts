import { elu } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { applyInTurn } from './apply-in-turn.ts';
import { tensorOf } from './array-tensor.ts';
import {
  type BiasedLayer,
  type ConvLayer,
  createBiasedLayer,
  createNormalisedLayer,
  disposeLayer,
  forwardLayer,
} from './conv-layer.ts';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, BATCH_NORM_EPSILON, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';
import { type NetStyle, PAPER_STYLE, slopeOf } from './net-style.ts';

/** A trained net for use. */
export interface InferenceNet {
  readonly style: NetStyle;
  /** Biased, running statistics folded into them; with instance norm normalised by the image at hand. */
  readonly hidden: readonly ConvLayer[];
  readonly tail: BiasedLayer;
}

/**
 * Puts a trained net on the backend, running statistics folded into weights and biases in host memory, so that it is the same on
 * every engine. The caller disposes with {@link disposeInferenceNet}.
 */
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
  const tail = createBiasedLayer((name) =>
    tensorOf(requireArray(arrays, arrayName(role, NORMALISED_BLOCKS + 1, name))),
  );
  return { style, hidden, tail };
}

type PartOf = (name: string) => NamedArray;

function createHidden(part: PartOf, { normalization }: NetStyle): ConvLayer {
  if (normalization === 'batch') return foldedLayer(part);
  const createLayer = normalization === 'none' ? createBiasedLayer : createNormalisedLayer;
  return createLayer((name) => tensorOf(part(name)));
}

/** With g = gamma / sqrt(runningVariance + eps):   w' = g w,   b' = beta - g runningMean. */
function foldedLayer(part: PartOf): BiasedLayer {
  const [weight, gamma, beta] = [part('weight'), part('gamma').data, part('beta').data];
  const [mean, variance] = [part('runningMean').data, part('runningVariance').data];
  const gain = Float64Array.from(gamma, (value, i) => value / Math.sqrt((variance[i] as number) + BATCH_NORM_EPSILON));
  // HWIO: the output channel is the fastest index.
  const folded = weight.data.map((value, i) => value * (gain[i % gain.length] as number));
  const bias = beta.map((value, i) => value - (gain[i] as number) * (mean[i] as number));
  return { weight: tensorOf({ shape: weight.shape, data: folded }), bias: tf.tensor1d(bias) };
}

/**
 * @param input [1, height, width, 3]
 * @returns [1, height - 10, width - 10, out], before the generator's tanh; the caller disposes
 */
export function forwardInference({ hidden, tail, style }: InferenceNet, input: tf.Tensor4D): tf.Tensor4D {
  const activations = style.activation === 'elu' ? [elu] : [];
  const forward = (layer: ConvLayer, slope: number) => (x: tf.Tensor4D) => forwardLayer(layer, x, slope);
  const blocks = hidden.flatMap((layer) => [forward(layer, slopeOf(style)), ...activations]);
  return applyInTurn(input, [...blocks, forward(tail, 1)]);
}

export function disposeInferenceNet({ hidden, tail }: InferenceNet): void {
  for (const layer of [...hidden, tail]) disposeLayer(layer);
}
