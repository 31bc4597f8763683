import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ConvBlockInputs {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
  /** [Cout] */
  readonly gamma: Tensor1D;
  /** [Cout] */
  readonly beta: Tensor1D;
}

export interface ConvBlockAttrs {
  /** LeakyReLU's factor for negative values, 0..1. */
  readonly slope: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/**
 * [y, mean, variance, residual]: y [1, H-2, W-2, Cout], mean and (biased) variance [Cout]. residual is for the same
 * backend's ConvBlockGrad and ConvBlockGradGrad alone, which get the normalised convolution from it, mean and variance:
 * the convolution itself or, as the composed kernel has it, minus its mean. Its shape is the backend's choice: going
 * backwards TF.js uploads zeros for every output without a cotangent, so a handle of one element with all the data
 * behind it saves an upload of the whole image per block.
 */
export type ConvBlockOutputs = [Tensor4D, Tensor1D, Tensor1D, Tensor];

/** c = conv(x, weight); n = (c - mean) / sqrt(variance + epsilon); y = leakyRelu(gamma n + beta). */
export const convBlockKernel = defineKernel<ConvBlockInputs, ConvBlockAttrs, ConvBlockOutputs>('ConvBlock');
