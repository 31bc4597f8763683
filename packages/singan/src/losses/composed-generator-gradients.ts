import type { Tensor4D } from '@tensorflow/tfjs-core';
import { differentiate, type Gradients, notePasses } from '../differentiate.ts';
import { forwardTraining } from '../forward-training.ts';
import { type GeneratorInput, generateTraining } from '../generator.ts';
import type { Net } from '../net.ts';
import { type GeneratorTerm, generatorTerms } from './wgan-gp.ts';

export interface GeneratorLossOptions {
  readonly generator: Net;
  readonly discriminator: Net;
  /** x_n, [1, height, width, 3] */
  readonly real: Tensor4D;
  /** z_n and the random image of the coarser scales. */
  readonly input: GeneratorInput;
  /** z_n^rec and the reconstruction of the coarser scales. */
  readonly reconstructionInput: GeneratorInput;
  /** alpha */
  readonly reconstructionWeight: number;
}

/** What `generatorGradients` does where there is no kernel for it: the oracle of that. */
export function composedGeneratorGradients({
  generator,
  discriminator,
  ...o
}: GeneratorLossOptions): Gradients<GeneratorTerm> {
  return differentiate(generator, () => {
    const { passes, outputOf } = notePasses();
    const fake = outputOf(generator, generateTraining(generator, o.input));
    const reconstruction = outputOf(generator, generateTraining(generator, o.reconstructionInput));
    const score = (x: Tensor4D) => outputOf(discriminator, forwardTraining(discriminator, x));
    return { terms: generatorTerms(score, { ...o, fake, reconstruction }), passes };
  });
}
