import * as tf from '@tensorflow/tfjs-core';
import { type Adam, applyAdam } from '../adam.ts';
import { differentiate, type Loss, notePasses } from '../differentiate.ts';
import { type GeneratorInput, generateTraining } from '../generator.ts';
import type { Net } from '../net.ts';
import type { PatchLoss } from './patch-loss.ts';
import { type GeneratorTerm, reconstructionTerm } from './wgan-gp.ts';

export interface PatchStepOptions {
  readonly generator: Net;
  readonly adam: Adam;
  readonly loss: PatchLoss;
  /** x_n, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** z_n and the random image of the coarser scales. */
  readonly input: GeneratorInput;
  /** z_n^rec and the reconstruction of the coarser scales. */
  readonly reconstructionInput: GeneratorInput;
  /** alpha */
  readonly reconstructionWeight: number;
  /** Of the patch loss, in [0, 1). */
  readonly draw: number;
  /** Number of the step in the scale, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * One step of a generator without a discriminator: Adam on
 *
 *   distance(x~, x) + alpha MSE(x~^rec, x)
 *
 * @returns the summands of the loss before the step, which belong to the caller; the distance stands where -mean D(x~) would
 */
export function patchStep(o: PatchStepOptions): Record<GeneratorTerm, tf.Scalar> {
  return tf.tidy(() => {
    const { terms, gradients } = differentiate(o.generator, () => lossOf(o));
    applyAdam(o.adam, { ...o, gradients });
    return { ...terms };
  });
}

function lossOf({ generator, loss, draw, ...o }: PatchStepOptions): Loss<GeneratorTerm> {
  const { passes, outputOf } = notePasses();
  const fake = outputOf(generator, generateTraining(generator, o.input));
  const reconstruction = outputOf(generator, generateTraining(generator, o.reconstructionInput));
  const terms = {
    // distance(x~, x)
    generatorAdversarial: loss.distance(fake, draw),
    // alpha MSE(x~^rec, x)
    reconstruction: reconstructionTerm({ ...o, reconstruction }),
  };
  return { terms, passes };
}
