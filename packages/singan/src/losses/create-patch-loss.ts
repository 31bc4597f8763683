import type { Loss } from '@singan/contracts';
import { assertNever } from '@singan/domain';
import { AlignedPatchLoss } from './aligned-patch.ts';
import { FrechetPatchLoss } from './frechet-patch.ts';
import { NearestPatchLoss } from './nearest-patch.ts';
import type { PatchLoss, PatchLossOptions } from './patch-loss.ts';

/** The caller disposes. */
export function createPatchLoss(loss: Exclude<Loss, 'wgan-gp'>, o: PatchLossOptions): PatchLoss {
  switch (loss) {
    case 'frechet-patch':
      return new FrechetPatchLoss(o);
    case 'nearest-patch':
      return new NearestPatchLoss(o.real);
    case 'aligned-patch':
      return new AlignedPatchLoss(o.real);
    default:
      return assertNever(loss);
  }
}
