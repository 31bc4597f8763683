import type { Tensor } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface EluGradInputs {
  /** Cotangent of y, of the shape of x. */
  readonly dy: Tensor;
  /** What Elu was given: not its output, through which TF.js lets no second derivative flow. */
  readonly x: Tensor;
}

/** dx = dy where x > 0, else dy exp(x); of the shape of x. */
export const eluGradKernel = defineKernel<EluGradInputs, object, Tensor>('EluActivationGrad');
