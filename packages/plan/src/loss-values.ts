import type { Loss, TrainingConfigInput } from '@singan/contracts';

/** Whether a discriminator is trained beside the generator; the other losses are fixed distances between patches. */
export function hasDiscriminator(loss: Loss): boolean {
  return loss === 'wgan-gp';
}

interface LossValues {
  readonly discriminatorSteps?: 0;
  readonly gradientPenaltyWeight?: 0;
  readonly reconstructionNoise?: 'fixed';
}

/**
 * Defaults that a loss sets in place of the preset's. Without a discriminator there are no steps of it and no penalty; z* is fixed, for what such a
 * model is good at is what starts at scale 1.
 */
export function lossValues({ loss = 'wgan-gp' }: TrainingConfigInput): LossValues {
  if (hasDiscriminator(loss)) return {};
  return { discriminatorSteps: 0, gradientPenaltyWeight: 0, reconstructionNoise: 'fixed' };
}
