import * as tf from '@tensorflow/tfjs-core';
import { differentiate, type Gradients, type Loss } from './differentiate.ts';
import { forwardTraining } from './forward-training.ts';
import { type GeneratorInput, generateTraining } from './generator.ts';
import type { Net } from './net.ts';

export type GeneratorTerm = 'generatorAdversarial' | 'reconstruction';

export interface GeneratorLossOptions {
  readonly generator: Net;
  readonly discriminator: Net;
  /** x_n, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** z_n and the random image of the coarser scales. */
  readonly input: GeneratorInput;
  /** z_n^rec and the reconstruction of the coarser scales. */
  readonly reconstructionInput: GeneratorInput;
  /** alpha */
  readonly reconstructionWeight: number;
}

/**
 * Loss of the generator (the paper's eq. 3 and 4) and its gradients by G's parameters, through D, which stands still:
 *
 *   -mean D(x~) + alpha MSE(x~^rec, x)
 *
 * x~ is made anew here: the one of the discriminator step belongs to other weights. Feeds the running statistics of both nets.
 * The result belongs to the caller, or to the tf.tidy around.
 */
export function generatorGradients(o: GeneratorLossOptions): Gradients<GeneratorTerm> {
  return differentiate(o.generator, () => generatorLoss(o));
}

function generatorLoss(o: GeneratorLossOptions): Loss<GeneratorTerm> {
  const fake = generateTraining(o.generator, o.input);
  const score = forwardTraining(o.discriminator, fake.output);
  const reconstruction = generateTraining(o.generator, o.reconstructionInput);
  const terms = {
    // -mean D(x~)
    generatorAdversarial: tf.neg(tf.mean(score.output)) as tf.Scalar,
    // alpha MSE(x~^rec, x)
    reconstruction: tf.mul(
      tf.mean(tf.squaredDifference(reconstruction.output, o.real)),
      o.reconstructionWeight,
    ) as tf.Scalar,
  };
  const passes = [
    { net: o.generator, statistics: fake.statistics },
    { net: o.discriminator, statistics: score.statistics },
    { net: o.generator, statistics: reconstruction.statistics },
  ];
  return { total: tf.addN(Object.values(terms)) as tf.Scalar, terms, passes };
}
