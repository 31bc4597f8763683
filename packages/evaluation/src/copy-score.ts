import { AppError, type RgbImage } from '@singan/domain';
import { patchIndex } from './patch-index.ts';
import { PATCH_PX, PATCH_VALUES, patchSource, placeAt, squaredDistance } from './patches.ts';

/** How far a copied patch may be from the original: root mean square over its values, in levels of 0 to 255; 5 % of the range. */
export const COPY_DISTANCE_LEVELS = 12.75;
/** Patches of a sample are looked at every so many px, both ways; those of the training image are all searched. */
const COPY_STRIDE_PX = 8;

/**
 * Share of the patches (11 x 11 px, every 8th place) of a sample that are copies: nearer than COPY_DISTANCE_LEVELS to the patch of
 * the training image at the same place, with no other patch of the training image nearer than that.
 * 1 for the training image itself, 0 where nothing stayed in its place.
 */
export type CopyScorer = (sample: RgbImage) => number;

/**
 * Prepares a training image for {@link CopyScorer}.
 * @throws AppError `internal` for a picture without a patch; so does the scorer for a sample of another size
 */
export function copyScorer(real: RgbImage): CopyScorer {
  if (Math.min(real.width, real.height) < PATCH_PX) {
    throw new AppError(
      'internal',
      `the copy score needs a picture of ${PATCH_PX} px or more, got ${real.width}x${real.height}`,
    );
  }
  const original = patchSource(real);
  const index = patchIndex(original);
  const limit = PATCH_VALUES * COPY_DISTANCE_LEVELS ** 2;
  return (sample) => {
    const source = patchSource(sample);
    let [copies, patches] = [0, 0];
    for (let y = 0; y <= source.height - PATCH_PX; y += COPY_STRIDE_PX) {
      for (let x = 0; x <= source.width - PATCH_PX; x += COPY_STRIDE_PX) {
        const place = placeAt(source, x, y);
        const distance = squaredDistance([source, place], [original, place], limit);
        patches += 1;
        if (distance < limit && !index.hasNearer(source, place, distance)) copies += 1;
      }
    }
    return copies / patches;
  };
}
