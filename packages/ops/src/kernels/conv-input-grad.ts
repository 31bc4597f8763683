import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ConvInputGradInputs {
  /** Cotangent of the convolution's result, [1, H-2, W-2, Cout]. */
  readonly dConvolved: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
}

/** dx[i, j, c] = sum over a, b, o of dConvolved[i-a, j-b, o] weight[a, b, c, o], zero outside; [1, H, W, Cin]. */
export const convInputGradKernel = defineKernel<ConvInputGradInputs, Record<string, never>, Tensor4D>(
  'Conv3x3InputGrad',
);
