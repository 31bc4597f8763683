import { differentiate, type Gradients, notePasses } from '../differentiate.ts';
import { forwardTraining } from '../forward-training.ts';
import type { Net } from '../net.ts';
import { type DiscriminatorObjective, type DiscriminatorTerm, discriminatorTerms } from './wgan-gp.ts';

export interface DiscriminatorLossOptions extends DiscriminatorObjective {
  readonly discriminator: Net;
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
