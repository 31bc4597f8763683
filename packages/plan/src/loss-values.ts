import type { Loss, TrainingConfigInput } from '@singan/contracts';

/** Whether a discriminator is trained beside the generator; the other losses are fixed distances between patches. */
export function hasDiscriminator(loss: Loss): boolean {
  return loss === 'wgan-gp';
}

interface LossValues {
  readonly discriminatorSteps?: 0;
  readonly gradientPenaltyWeight?: 0;
}

/** Defaults that a loss sets in place of the preset's: without a discriminator there are no steps of it and no penalty. */
export function lossValues({ loss = 'wgan-gp' }: TrainingConfigInput): LossValues {
  return hasDiscriminator(loss) ? {} : { discriminatorSteps: 0, gradientPenaltyWeight: 0 };
}
