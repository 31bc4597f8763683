import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';
import type { ConvActivationAttrs } from './conv-activation.ts';

export interface ConvActivationGradGradInputs {
  /** Cotangent of ConvActivationGrad's dConvolved, [1, H-2, W-2, Cout]. */
  readonly r: Tensor4D;
  /** Output of ConvActivation, [1, H-2, W-2, Cout]. */
  readonly y: Tensor4D;
}

/** Only the mask is left of the second derivative: dDy = m r, [1, H-2, W-2, Cout]. */
export const convActivationGradGradKernel = defineKernel<ConvActivationGradGradInputs, ConvActivationAttrs, Tensor4D>(
  'ConvActivationGradGrad',
);
