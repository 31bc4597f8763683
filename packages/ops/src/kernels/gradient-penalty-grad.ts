import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface GradientPenaltyGradInputs {
  /** Cotangent of the penalty. */
  readonly dy: Scalar;
  /** g, [1, H, W, C] */
  readonly gradient: Tensor4D;
}

/** dy 2 (|g| - 1) g / (|g| H W), and 0 where |g| = 0; [1, H, W, C]. */
export const gradientPenaltyGradKernel = defineKernel<GradientPenaltyGradInputs, Record<string, never>, Tensor4D>(
  'GradientPenaltyGrad',
);
