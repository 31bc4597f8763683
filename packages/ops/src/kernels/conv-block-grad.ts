import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';
import type { ConvBlockAttrs, ConvBlockInputs } from './conv-block.ts';

/** x, weight and beta are there for the second derivative to flow to; the values needed are in the others. */
export interface ConvBlockGradInputs extends ConvBlockInputs {
  /** Cotangent of y, [1, H-2, W-2, Cout]. */
  readonly dy: Tensor4D;
  /** Output of ConvBlock: its sign is the mask. [1, H-2, W-2, Cout] */
  readonly y: Tensor4D;
  /** ConvBlock's residual, as this backend made it. */
  readonly residual: Tensor;
  /** [Cout] */
  readonly mean: Tensor1D;
  /** [Cout] */
  readonly variance: Tensor1D;
}

/** [dConvolved, dGamma, dBeta]: [1, H-2, W-2, Cout], [Cout], [Cout]. Only dConvolved may be differentiated again. */
export type ConvBlockGradOutputs = [Tensor4D, Tensor1D, Tensor1D];

/**
 * Backward of ConvBlock down to its convolution; ConvInputGrad and ConvFilterGrad take dConvolved on to x and weight,
 * each only where it is asked for. With s = 1/sqrt(variance + epsilon), n = (c - mean) s the normalised convolution,
 * m = 1 where y > 0 and slope elsewhere, P(t) = t - mean(t) - n mean(t n), dz = m dy:
 * dConvolved = gamma s P(dz); dGamma = sum(dz n); dBeta = sum(dz).
 */
export const convBlockGradKernel = defineKernel<ConvBlockGradInputs, ConvBlockAttrs, ConvBlockGradOutputs>(
  'ConvBlockGrad',
);
