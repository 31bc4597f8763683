import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

/** [x, weight, gamma and beta of each block, weight and bias of the last layer]; shapes as in {@link ConvNetOptions}. */
export type ConvNetInputs = [Tensor4D, ...Tensor[]];

export interface ConvNetAttrs {
  /** LeakyReLU's factor for negative values, 0..1. */
  readonly slope: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** [y, statistics, pass]: pass has no values; it stands for what the backend's own derivatives need. */
export type ConvNetOutputs = [Tensor4D, Tensor1D, Tensor];

/**
 * A whole net, see `convNet`. Kernels of a net are optional: a backend has all four or none, and then the net is composed
 * of blocks. They are worth it where the time from kernel to kernel counts.
 */
export const convNetKernel = defineKernel<ConvNetInputs, ConvNetAttrs, ConvNetOutputs>('ConvNet');

export interface ConvNetGradInputs {
  /** Cotangent of y. */
  readonly dy: Tensor4D;
  readonly pass: Tensor;
}

export interface ConvNetGradAttrs {
  /** Of x. */
  readonly inputShape: Tensor4D['shape'];
}

/** [dx, gradient]: gradient has no values; it stands for what is left to do for the parameters, and for the second derivative. */
export type ConvNetGradOutputs = [Tensor4D, Tensor];

export const convNetGradKernel = defineKernel<ConvNetGradInputs, ConvNetGradAttrs, ConvNetGradOutputs>('ConvNetGrad');

export interface ConvNetGradGradInputs {
  /** Cotangent of ConvNetGrad's dx. */
  readonly u: Tensor4D;
  readonly gradient: Tensor;
}

export interface ConvNetGradGradAttrs extends ConvNetGradAttrs {
  /** Of y. */
  readonly outputShape: Tensor4D['shape'];
}

/** [cotangent of dy, cotangent of x, gradient] */
export type ConvNetGradGradOutputs = [Tensor4D, Tensor4D, Tensor];

export const convNetGradGradKernel = defineKernel<ConvNetGradGradInputs, ConvNetGradGradAttrs, ConvNetGradGradOutputs>(
  'ConvNetGradGrad',
);

export interface ConvNetFilterGradsInputs {
  /** Of ConvNetGrad or ConvNetGradGrad. */
  readonly gradient: Tensor;
}

export interface ConvNetFilterGradsAttrs {
  /** Of the parameters, in the order of the inputs. */
  readonly shapes: readonly (readonly number[])[];
}

/** Gradients by the parameters, in the order of the inputs. */
export const convNetFilterGradsKernel = defineKernel<ConvNetFilterGradsInputs, ConvNetFilterGradsAttrs, Tensor[]>(
  'ConvNetFilterGrads',
);
