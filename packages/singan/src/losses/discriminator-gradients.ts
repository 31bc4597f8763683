import { differentiate, type Gradients, notePasses } from '../differentiate.ts';
import { forwardTraining } from '../forward-training.ts';
import type { Net } from '../net.ts';
import { fusedDiscriminatorGradients, hasFusedGradients } from './fused-gradients.ts';
import { type DiscriminatorObjective, type DiscriminatorTerm, discriminatorTerms } from './wgan-gp.ts';

export interface DiscriminatorLossOptions extends DiscriminatorObjective {
  readonly discriminator: Net;
}

/**
 * {@link discriminatorTerms} of the discriminator of a scale and the gradients of their sum by D's parameters. Three forward passes,
 * each with its own batch statistics, which feed D's running statistics. The result belongs to the caller, or to the tf.tidy around.
 */
export function discriminatorGradients(o: DiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return hasFusedGradients(o.discriminator) ? fusedDiscriminatorGradients(o) : composedDiscriminatorGradients(o);
}

/** What `discriminatorGradients` does where there is no kernel for it: the oracle of that. */
export function composedDiscriminatorGradients({
  discriminator,
  ...o
}: DiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  return differentiate(discriminator, () => {
    const { passes, outputOf } = notePasses();
    const terms = discriminatorTerms((x) => outputOf(discriminator, forwardTraining(discriminator, x)), o);
    return { terms, passes };
  });
}
