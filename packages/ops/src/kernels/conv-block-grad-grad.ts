import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';
import type { ConvBlockAttrs } from './conv-block.ts';

export interface ConvBlockGradGradInputs {
  /** Cotangent of ConvBlockGrad's dConvolved, [1, H-2, W-2, Cout]. */
  readonly r: Tensor4D;
  /** What ConvBlockGrad was given as dy, [1, H-2, W-2, Cout]. */
  readonly dy: Tensor4D;
  /** Output of ConvBlock: its sign is the mask. [1, H-2, W-2, Cout] */
  readonly y: Tensor4D;
  /** ConvBlock's residual, as this backend made it. */
  readonly residual: Tensor;
  /** [Cout] */
  readonly mean: Tensor1D;
  /** [Cout] */
  readonly variance: Tensor1D;
  /** [Cout] */
  readonly gamma: Tensor1D;
}

/** [dDy, dConvolved, dGamma]: [1, H-2, W-2, Cout] twice, [Cout]. beta has none: it moves only the mask. */
export type ConvBlockGradGradOutputs = [Tensor4D, Tensor4D, Tensor1D];

/**
 * Backward of ConvBlockGrad's dConvolved, with its symbols:
 * dDy = m gamma s P(r); dGamma = sum(s P(dz) r);
 * h = -gamma s (r mean(dz n) + dz mean(r n)); dConvolved = s P(h) - s n mean(r gamma s P(dz)).
 */
export const convBlockGradGradKernel = defineKernel<ConvBlockGradGradInputs, ConvBlockAttrs, ConvBlockGradGradOutputs>(
  'ConvBlockGradGrad',
);
