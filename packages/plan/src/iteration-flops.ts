import type { PlanLevel, TrainingConfig } from '@singan/contracts';
import { hasDiscriminator } from './loss-values.ts';
import { type ConvolutionShape, discriminatorShapes, generatorShapes } from './network-shape.ts';
import { patchLossFlops } from './patch-loss-flops.ts';

/** How many optimiser steps of each kind an iteration has, and of which loss; wgan-gp when absent. */
export type IterationSteps = Pick<TrainingConfig, 'discriminatorSteps' | 'generatorSteps'> &
  Partial<Pick<TrainingConfig, 'loss'>>;

const DEFAULT_STEPS: IterationSteps = { discriminatorSteps: 3, generatorSteps: 3 };

/** Passes over one layer in one step; the forward pass, dX and dW of a convolution cost the same number of flops. */
type Passes = Readonly<Record<ConvolutionShape['position'], number>>;

/**
 * A discriminator step, its own layers.
 * forward:            real, fake and mixed picture (3); the double backward carries the cotangent of dX up through head and middle (1)
 * dX:                 real and fake, but not below the head (2); first backward of the gradient penalty, to the picture (1); its double backward, middle only (1)
 * dW:                 real and fake (2); double backward: conv(u, dc) and conv(x, dc2) (2). The tail is linear: conv(u, dc) only
 */
const DISCRIMINATOR_STEP: Passes = { head: 4 + 1 + 4, middle: 4 + 4 + 4, tail: 3 + 3 + 3 };

/** A generator step, the discriminator's layers: forward of the fake picture, dX down to the picture, no dW. */
const SCORING: Passes = { head: 2, middle: 2, tail: 2 };

/** A generator step, the generator's layers: fake and reconstruction, each forward, dX (not below the head) and dW. */
const GENERATOR_STEP: Passes = { head: 2 + 0 + 2, middle: 2 + 2 + 2, tail: 2 + 2 + 2 };

const FORWARD_ONLY: Passes = { head: 1, middle: 1, tail: 1 };

/**
 * Floating point operations of one iteration at a scale: every convolution of its D and G steps, a multiply-add counted as two.
 * For the default 3 + 3 steps a middle layer runs 24 times forward, 21 times dX and 18 times dW.
 * Batch norm, activations, losses and Adam are left out: below 2 % of it from 32 channels on.
 */
export function iterationFlops(level: PlanLevel, steps: IterationSteps = DEFAULT_STEPS): number {
  const generator = generatorShapes(level, level.channels);
  const { loss = 'wgan-gp' } = steps;
  if (loss !== 'wgan-gp') {
    return steps.generatorSteps * (networkFlops(generator, GENERATOR_STEP) + patchLossFlops(level, loss));
  }
  const discriminator = discriminatorShapes(level, level.channels);
  const discriminatorStep = networkFlops(discriminator, DISCRIMINATOR_STEP) + networkFlops(generator, FORWARD_ONLY);
  const generatorStep = networkFlops(discriminator, SCORING) + networkFlops(generator, GENERATOR_STEP);
  return steps.discriminatorSteps * discriminatorStep + steps.generatorSteps * generatorStep;
}

/** Random pictures of the coarser scales that an iteration draws: one for each discriminator step, or one. */
export function picturesPerIteration({ discriminatorSteps, loss = 'wgan-gp' }: IterationSteps): number {
  return hasDiscriminator(loss) ? discriminatorSteps : 1;
}

/** Floating point operations of making one picture of this scale from the one before. */
export function generatorFlops(level: PlanLevel): number {
  return networkFlops(generatorShapes(level, level.channels), FORWARD_ONLY);
}

/** The discriminator's part of an iteration of the concurrent scheme: its own steps, and one pass of the fake up to the score and back. */
export function adversaryFlops(level: PlanLevel, discriminatorSteps: number): number {
  const discriminator = discriminatorShapes(level, level.channels);
  return discriminatorSteps * networkFlops(discriminator, DISCRIMINATOR_STEP) + networkFlops(discriminator, SCORING);
}

function networkFlops(shapes: readonly ConvolutionShape[], passes: Passes): number {
  return shapes.reduce((sum, shape) => sum + passes[shape.position] * convolutionFlops(shape), 0);
}

/** 3 x 3 multiply-adds per input channel, output channel and output pixel. */
export function convolutionFlops({
  inputChannels,
  outputChannels,
  output,
}: Omit<ConvolutionShape, 'position'>): number {
  return 2 * 9 * inputChannels * outputChannels * output.width * output.height;
}
