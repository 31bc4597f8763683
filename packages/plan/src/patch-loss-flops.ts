import type { Loss } from '@singan/contracts';
import { assertNever, type Size } from '@singan/domain';

/** Patches are this wide and high, px. */
const PATCH_SIZE = 11;
/** Multiply-adds of a patch's product with another: its 363 values, padded to 3 x 3 blocks of 4 x 4 px. */
const PATCH_PRODUCT = 3 * 3 * 48;
/** Share of the generated patches that a step looks for the nearest of. */
const NEAREST_SHARE = 1 / 16;
/** Of a Frechet distance: dimensions of the projection, and most patches of a step. */
const DIMENSIONS = 32;
const MOST_PATCHES = 8192;

function patchCount({ width, height }: Size): number {
  return Math.max(0, width - PATCH_SIZE + 1) * Math.max(0, height - PATCH_SIZE + 1);
}

/** Bytes of the patches of a picture as filters, which the search for the nearest keeps. */
export function patchFilterBytes(size: Size): number {
  return patchCount(size) * PATCH_PRODUCT * 4;
}

/** Floating point operations of one distance between the patches of two pictures, with its gradient where that takes any. */
export function patchLossFlops(size: Size, loss: Exclude<Loss, 'wgan-gp'>): number {
  const patches = patchCount(size);
  switch (loss) {
    case 'aligned-patch':
      return 0;
    case 'nearest-patch':
      return 2 * PATCH_PRODUCT * patches * NEAREST_SHARE * patches;
    case 'frechet-patch': {
      const looked = Math.min(patches, MOST_PATCHES);
      const projection = 2 * 2 * PATCH_PRODUCT * DIMENSIONS;
      const covariance = 3 * 2 * DIMENSIONS * DIMENSIONS;
      return looked * (projection + covariance);
    }
    default:
      return assertNever(loss);
  }
}
