import type { Tensor } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface EluInputs {
  readonly x: Tensor;
}

/** y = x where x > 0, else exp(x) - 1; of the shape of x. TF.js has a kernel `Elu`, which engines without a fast one would run instead. */
export const eluKernel = defineKernel<EluInputs, object, Tensor>('EluActivation');
