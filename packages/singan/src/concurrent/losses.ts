import { gradientPenalty } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { differentiate, type Gradients, type Loss } from '../differentiate.ts';
import type { DiscriminatorTerm } from '../discriminator-step.ts';
import type { GeneratorTerm } from '../generator-step.ts';
import { type GrowingGenerator, type GrowingInput, generateGrowing } from './growing-generator.ts';
import { forwardLayer, type Part } from './layer.ts';
import { STAGE_SLOPE } from './layout.ts';

export interface StageDiscriminatorLossOptions {
  readonly discriminator: Part;
  /** x_k, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** x~_k, [1, height, width, 3] */
  readonly fake: tf.Tensor4D;
  /** u in [0, 1]: the gradient penalty looks at u x + (1 - u) x~. */
  readonly mix: number;
  /** lambda */
  readonly gradientPenaltyWeight: number;
}

/**
 * Loss of the discriminator, as in the sequential scheme, and its gradients by D's parameters:
 *
 *   -mean D(x) + mean D(x~) + lambda GP,   GP = mean over pixels (|g| - 1)^2,   g = d sum(D(xh)) / d xh,   xh = u x + (1 - u) x~
 *
 * The result belongs to the caller, or to the tf.tidy around.
 */
export function stageDiscriminatorGradients(o: StageDiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return differentiate(o.discriminator, () => {
    const terms = {
      // -mean D(x)
      discriminatorReal: tf.neg(meanScore(o.discriminator, o.real)),
      // mean D(x~)
      discriminatorFake: meanScore(o.discriminator, o.fake),
      // lambda GP
      gradientPenalty: tf.mul<tf.Scalar>(penaltyOf(o), o.gradientPenaltyWeight),
    };
    return { total: tf.addN(Object.values(terms)), terms, passes: [] };
  });
}

/** GP */
function penaltyOf({ discriminator, real, fake, mix }: StageDiscriminatorLossOptions): tf.Scalar {
  // xh = u x + (1 - u) x~
  const between = tf.add(tf.mul(real, mix), tf.mul(fake, 1 - mix));
  // g = d sum(D(xh)) / d xh
  const gradient = tf.grad((x) => tf.sum(score(discriminator, x as tf.Tensor4D)))(between) as tf.Tensor4D;
  // mean over pixels (|g| - 1)^2
  return gradientPenalty(gradient);
}

export interface StageGeneratorLossOptions {
  readonly generator: GrowingGenerator;
  /** The parameters that are trained, by name. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  readonly discriminator: Part;
  /** x_k, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  readonly input: GrowingInput;
  /** z^rec of all stages. */
  readonly reconstructionInput: GrowingInput;
  /** alpha */
  readonly reconstructionWeight: number;
}

/**
 * Loss of the generator and its gradients by the parameters that are trained, through D, which stands still:
 *
 *   -mean D(x~) + alpha MSE(x~^rec, x)
 *
 * The result belongs to the caller, or to the tf.tidy around.
 */
export function stageGeneratorGradients(o: StageGeneratorLossOptions): Gradients<GeneratorTerm> {
  return differentiate(o, () => stageGeneratorLoss(o));
}

function stageGeneratorLoss({ generator, discriminator, ...o }: StageGeneratorLossOptions): Loss<GeneratorTerm> {
  const fake = generateGrowing(generator, o.input);
  const reconstruction = generateGrowing(generator, o.reconstructionInput);
  const terms = {
    // -mean D(x~)
    generatorAdversarial: tf.neg(meanScore(discriminator, fake)) as tf.Scalar,
    // alpha MSE(x~^rec, x)
    reconstruction: tf.mul<tf.Scalar>(tf.mean(tf.squaredDifference(reconstruction, o.real)), o.reconstructionWeight),
  };
  return { total: tf.addN(Object.values(terms)) as tf.Scalar, terms, passes: [] };
}

/** D: [1, height, width, 3] to scores [1, height - 10, width - 10, 1] of patches of 11 x 11 px. */
export function score({ layers }: Part, image: tf.Tensor4D): tf.Tensor4D {
  const last = layers.length - 1;
  return layers.reduce((x, layer, index) => forwardLayer(layer, x, index === last ? 1 : STAGE_SLOPE), image);
}

function meanScore(discriminator: Part, image: tf.Tensor4D): tf.Scalar {
  return tf.mean(score(discriminator, image));
}
