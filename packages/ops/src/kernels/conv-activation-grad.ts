import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';
import type { ConvActivationAttrs } from './conv-activation.ts';

export interface ConvActivationGradInputs {
  /** Cotangent of y, [1, H-2, W-2, Cout]. */
  readonly dy: Tensor4D;
  /** Output of ConvActivation: its sign is the mask. [1, H-2, W-2, Cout] */
  readonly y: Tensor4D;
}

/** [dConvolved, dBias]: [1, H-2, W-2, Cout], [Cout]. Only dConvolved may be differentiated again. */
export type ConvActivationGradOutputs = [Tensor4D, Tensor1D];

/** With m = 1 where y > 0 and slope elsewhere: dConvolved = m dy; dBias = sum(dConvolved). */
export const convActivationGradKernel = defineKernel<
  ConvActivationGradInputs,
  ConvActivationAttrs,
  ConvActivationGradOutputs
>('ConvActivationGrad');
