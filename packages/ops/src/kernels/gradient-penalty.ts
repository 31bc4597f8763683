import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface GradientPenaltyInputs {
  /** g, [1, H, W, C] */
  readonly gradient: Tensor4D;
}

/** Mean over pixels of (|g| - 1)^2, |g| the norm over the channels of a pixel; a scalar. */
export const gradientPenaltyKernel = defineKernel<GradientPenaltyInputs, Record<string, never>, Scalar>(
  'GradientPenalty',
);
