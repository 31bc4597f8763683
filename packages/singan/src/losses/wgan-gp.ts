import { gradientPenalty } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';

export type DiscriminatorTerm = 'discriminatorReal' | 'discriminatorFake' | 'gradientPenalty';
export type GeneratorTerm = 'generatorAdversarial' | 'reconstruction';

/** D: an image, [1, height, width, 3], to the scores of its patches, [1, height - 10, width - 10, 1]. */
export type Score = (image: tf.Tensor4D) => tf.Tensor4D;

export interface DiscriminatorObjective {
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
 * Loss of a discriminator (WGAN-GP; the adversarial part of the paper's eq. 3):
 *
 *   -mean D(x) + mean D(x~) + lambda GP,   GP = mean over pixels (|g| - 1)^2,   g = d sum(D(xh)) / d xh,   xh = u x + (1 - u) x~
 *
 * |g| is the norm over the 3 channels of a pixel. Scores x, x~ and xh, in this order. Differentiable by the parameters of D.
 */
export function discriminatorTerms(
  score: Score,
  { real, fake, mix, gradientPenaltyWeight }: DiscriminatorObjective,
): Record<DiscriminatorTerm, tf.Scalar> {
  return {
    // -mean D(x)
    discriminatorReal: tf.neg(tf.mean<tf.Scalar>(score(real))),
    // mean D(x~)
    discriminatorFake: tf.mean(score(fake)),
    // lambda GP
    gradientPenalty: tf.mul(penaltyOf(score, { real, fake, mix }), gradientPenaltyWeight),
  };
}

/** GP */
function penaltyOf(
  score: Score,
  { real, fake, mix }: Omit<DiscriminatorObjective, 'gradientPenaltyWeight'>,
): tf.Scalar {
  // xh = u x + (1 - u) x~
  const between = tf.add(tf.mul(real, mix), tf.mul(fake, 1 - mix));
  // g = d sum(D(xh)) / d xh
  const gradient = tf.grad((x) => tf.sum(score(x as tf.Tensor4D)))(between) as tf.Tensor4D;
  // mean over pixels (|g| - 1)^2
  return gradientPenalty(gradient);
}

export interface GeneratorObjective extends ReconstructionObjective {
  /** x~_n, [1, height, width, 3] */
  readonly fake: tf.Tensor4D;
}

/**
 * Loss of a generator (the paper's eq. 3 and 4), through a D that stands still:
 *
 *   -mean D(x~) + alpha MSE(x~^rec, x)
 *
 * Differentiable by the parameters of G.
 */
export function generatorTerms(score: Score, o: GeneratorObjective): Record<GeneratorTerm, tf.Scalar> {
  return {
    // -mean D(x~)
    generatorAdversarial: tf.neg(tf.mean<tf.Scalar>(score(o.fake))),
    // alpha MSE(x~^rec, x)
    reconstruction: reconstructionTerm(o),
  };
}

export interface ReconstructionObjective {
  /** x_n, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** x~_n^rec, [1, height, width, 3] */
  readonly reconstruction: tf.Tensor4D;
  /** alpha */
  readonly reconstructionWeight: number;
}

/** alpha MSE(x~^rec, x) (the paper's eq. 4). */
export function reconstructionTerm({ real, reconstruction, reconstructionWeight }: ReconstructionObjective): tf.Scalar {
  return tf.mul(tf.mean(tf.squaredDifference(reconstruction, real)), reconstructionWeight);
}
