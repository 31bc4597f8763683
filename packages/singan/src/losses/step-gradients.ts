import type { Gradients } from '../differentiate.ts';
import { composedDiscriminatorGradients, type DiscriminatorLossOptions } from './composed-discriminator-gradients.ts';
import { composedGeneratorGradients, type GeneratorLossOptions } from './composed-generator-gradients.ts';
import { fusedDiscriminatorGradients, fusedGeneratorGradients, hasFusedGradients } from './fused-gradients.ts';
import type { DiscriminatorTerm, GeneratorTerm } from './wgan-gp.ts';

/**
 * `discriminatorTerms` of the discriminator of a scale and the gradients of their sum by D's parameters. Three forward passes, each
 * with its own batch statistics, which feed D's running statistics. The result belongs to the caller, or to the tf.tidy around.
 */
export function discriminatorGradients(o: DiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return hasFusedGradients(o.discriminator) ? fusedDiscriminatorGradients(o) : composedDiscriminatorGradients(o);
}

/**
 * `generatorTerms` of the generator of a scale and the gradients of their sum by G's parameters. x~ is made anew here: after the first
 * step the one of the discriminator step belongs to other weights. Feeds the running statistics of both nets. The result belongs to the
 * caller, or to the tf.tidy around.
 */
export function generatorGradients(o: GeneratorLossOptions): Gradients<GeneratorTerm> {
  return hasFusedGradients(o.generator) ? fusedGeneratorGradients(o) : composedGeneratorGradients(o);
}
