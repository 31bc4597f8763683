import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ConvInputs {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
}

/** y[i, j, o] = sum over a, b, c of x[i+a, j+b, c] weight[a, b, c, o]; [1, H-2, W-2, Cout]. */
export const convKernel = defineKernel<ConvInputs, Record<string, never>, Tensor4D>('Conv3x3');
