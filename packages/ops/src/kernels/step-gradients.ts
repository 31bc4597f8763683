import type { Tensor } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

/**
 * The losses of a training step of two convNets D and G and their gradients, in one call. Optional: a backend has both kernels or none,
 * and then the step is composed of `convNet` and TF.js's own gradients.
 */
interface StepGradientsAttrs {
  /** LeakyReLU's factor for negative values, 0..1. */
  readonly slope: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** [real, fake, parameters of D]: images [1, H, W, C]; parameters as those of ConvNet. */
export type DiscriminatorGradientsInputs = Tensor[];

export interface DiscriminatorGradientsAttrs extends StepGradientsAttrs {
  /** u in [0, 1] */
  readonly mix: number;
  /** lambda */
  readonly gradientPenaltyWeight: number;
}

/**
 * [-mean D(real), mean D(fake), lambda GP, statistics of D's passes over real, fake and between, gradients of D's parameters]: GP is the
 * gradient penalty at u real + (1 - u) fake, see `gradientPenalty`; statistics as ConvNet's.
 */
export type StepGradientsOutputs = Tensor[];

export const discriminatorGradientsKernel = defineKernel<
  DiscriminatorGradientsInputs,
  DiscriminatorGradientsAttrs,
  StepGradientsOutputs
>('DiscriminatorGradients');

/**
 * [real, padded, previous, padded and previous of the reconstruction, parameters of G, of D]: real and previous [1, H, W, C], padded by as
 * much as G's layers take off. An image of G is tanh(G(padded)) + previous.
 */
export type GeneratorGradientsInputs = Tensor[];

export interface GeneratorGradientsAttrs extends StepGradientsAttrs {
  /** alpha */
  readonly reconstructionWeight: number;
  /** How many of the inputs are G's parameters. */
  readonly generatorParameters: number;
}

/**
 * Outputs: [-mean D(fake), alpha MSE(reconstruction, real), statistics of G's passes to fake and reconstruction and of D's over fake,
 * gradients of G's parameters].
 */
export const generatorGradientsKernel = defineKernel<
  GeneratorGradientsInputs,
  GeneratorGradientsAttrs,
  StepGradientsOutputs
>('GeneratorGradients');
