import { gradientPenalty } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { differentiate, type Gradients, type Loss } from './differentiate.ts';
import { forwardTraining } from './forward-training.ts';
import type { Net } from './net.ts';
import type { BatchStatistics } from './running-statistics.ts';

export type DiscriminatorTerm = 'discriminatorReal' | 'discriminatorFake' | 'gradientPenalty';

export interface DiscriminatorLossOptions {
  readonly discriminator: Net;
  /** x_n, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** x~_n, [1, height, width, 3] */
  readonly fake: tf.Tensor4D;
  /** u in [0, 1]: the gradient penalty looks at u x + (1 - u) x~. */
  readonly mix: number;
  /** lambda */
  readonly gradientPenaltyWeight: number;
}

/**
 * Loss of the discriminator (WGAN-GP; the adversarial part of the paper's eq. 3) and its gradients by D's parameters:
 *
 *   -mean D(x) + mean D(x~) + lambda GP,   GP = mean over pixels (|g| - 1)^2,   g = d sum(D(xh)) / d xh,   xh = u x + (1 - u) x~
 *
 * |g| is the norm over the 3 channels of a pixel. Three forward passes, each with its own batch statistics, which feed D's
 * running statistics. The result belongs to the caller, or to the tf.tidy around.
 */
export function discriminatorGradients(o: DiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return differentiate(o.discriminator, () => discriminatorLoss(o));
}

function discriminatorLoss(o: DiscriminatorLossOptions): Loss<DiscriminatorTerm> {
  const net = o.discriminator;
  const onReal = forwardTraining(net, o.real);
  const onFake = forwardTraining(net, o.fake);
  const onMix = gradientPenaltyPass(o);
  const terms = {
    // -mean D(x)
    discriminatorReal: tf.neg(tf.mean(onReal.output)) as tf.Scalar,
    // mean D(x~)
    discriminatorFake: tf.mean(onFake.output) as tf.Scalar,
    // lambda GP
    gradientPenalty: tf.mul(onMix.penalty, o.gradientPenaltyWeight) as tf.Scalar,
  };
  const passes = [onReal, onFake, onMix].map(({ statistics }) => ({ net, statistics }));
  return { total: tf.addN(Object.values(terms)) as tf.Scalar, terms, passes };
}

/** GP, and the statistics of D(xh). */
function gradientPenaltyPass({ discriminator, real, fake, mix }: DiscriminatorLossOptions) {
  let statistics: readonly BatchStatistics[] = [];
  // xh = u x + (1 - u) x~
  const between = tf.add(tf.mul(real, mix), tf.mul(fake, 1 - mix));
  // g = d sum(D(xh)) / d xh
  const gradient = tf.grad((x) => {
    const pass = forwardTraining(discriminator, x as tf.Tensor4D);
    statistics = pass.statistics;
    return tf.sum(pass.output);
  })(between) as tf.Tensor4D;
  // mean over pixels (|g| - 1)^2
  return { penalty: gradientPenalty(gradient), statistics };
}
