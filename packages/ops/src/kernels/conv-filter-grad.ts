import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ConvFilterGradInputs {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** Cotangent of the convolution's result, [1, H-2, W-2, Cout]. */
  readonly dConvolved: Tensor4D;
}

/** dWeight[a, b, c, o] = sum over i, j of x[i+a, j+b, c] dConvolved[i, j, o]; [3, 3, Cin, Cout]. */
export const convFilterGradKernel = defineKernel<ConvFilterGradInputs, Record<string, never>, Tensor4D>(
  'Conv3x3FilterGrad',
);
