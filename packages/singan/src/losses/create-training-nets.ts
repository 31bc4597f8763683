import { hasDiscriminator } from '@singan/plan';
import { AdversarialNets } from './adversarial-nets.ts';
import { PatchNets } from './patch-nets.ts';
import type { TrainingNets, TrainingNetsOptions } from './training-nets.ts';

/** The caller disposes. */
export function createTrainingNets(o: TrainingNetsOptions): TrainingNets {
  return hasDiscriminator(o.config.loss) ? new AdversarialNets(o) : new PatchNets(o);
}
