import type { FoldedConvolution } from './inception-layers.ts';

/** Added to the variance, in TensorFlow's Inception-v3 and in torchvision's. */
const EPSILON = 1e-3;

export interface NormalisedConvolution {
  /** [side, side, inputs, outputs] */
  readonly kernel: Float32Array;
  /** All [outputs]. Absent gamma is 1: Keras's Inception-v3 has none. */
  readonly gamma?: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** gamma (k * x - mean) / sqrt(variance + epsilon) + beta as one convolution with a bias. */
export function foldBatchNorm({ kernel, gamma, beta, mean, variance }: NormalisedConvolution): FoldedConvolution {
  const scale = Float64Array.from(variance, (value, at) => (gamma?.[at] ?? 1) / Math.sqrt(value + EPSILON));
  const outputs = scale.length;
  return {
    weight: kernel.map((value, at) => value * (scale[at % outputs] ?? 0)),
    bias: beta.map((value, at) => value - (mean[at] ?? 0) * (scale[at] ?? 0)),
  };
}
