import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ConvActivationInputs {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
  /** [Cout] */
  readonly bias: Tensor1D;
}

export interface ConvActivationAttrs {
  /** LeakyReLU's factor for negative values, 0..1: 1 is linear, 0 is ReLU. */
  readonly slope: number;
}

/** leakyRelu(conv(x, weight) + bias), [1, H-2, W-2, Cout]. */
export const convActivationKernel = defineKernel<ConvActivationInputs, ConvActivationAttrs, Tensor4D>('ConvActivation');
