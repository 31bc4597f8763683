import type * as tf from '@tensorflow/tfjs-core';
import { forwardLayer } from '../conv-layer.ts';
import { differentiate, type Gradients } from '../differentiate.ts';
import {
  type DiscriminatorObjective,
  type DiscriminatorTerm,
  discriminatorTerms,
  type GeneratorTerm,
  generatorTerms,
  type Score,
} from '../losses/wgan-gp.ts';
import type { Trainable } from '../trainable.ts';
import { type GrowingGenerator, type GrowingInput, generateGrowing } from './growing-generator.ts';
import { STAGE_SLOPE } from './layout.ts';
import type { Part } from './part.ts';

export interface StageDiscriminatorLossOptions extends DiscriminatorObjective {
  readonly discriminator: Part;
}

/** {@link discriminatorTerms} and the gradients of their sum by D's parameters. The result belongs to the caller, or to the tf.tidy around. */
export function stageDiscriminatorGradients({
  discriminator,
  ...o
}: StageDiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return differentiate(discriminator, () => ({ terms: discriminatorTerms(scoreOf(discriminator), o) }));
}

export interface StageGeneratorLossOptions extends Trainable {
  readonly generator: GrowingGenerator;
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
 * {@link generatorTerms} and the gradients of their sum by the `parameters`, those of the parts that are trained. The result belongs to
 * the caller, or to the tf.tidy around.
 */
export function stageGeneratorGradients(o: StageGeneratorLossOptions): Gradients<GeneratorTerm> {
  const { generator, discriminator } = o;
  return differentiate(o, () => {
    const fake = generateGrowing(generator, o.input);
    const reconstruction = generateGrowing(generator, o.reconstructionInput);
    return { terms: generatorTerms(scoreOf(discriminator), { ...o, fake, reconstruction }) };
  });
}

/** D of the growing generator. */
export function scoreOf({ layers }: Part): Score {
  const last = layers.length - 1;
  return (image) => layers.reduce((x, layer, index) => forwardLayer(layer, x, index === last ? 1 : STAGE_SLOPE), image);
}
