import type { RgbImage, Size } from '@singan/domain';
import { CHANNELS, levelsOf } from './pixel-levels.ts';

/** Side of a patch, px: the receptive field of a net, so what a scale of a model knows at once. */
export const PATCH_PX = 11;
/** Values of a patch. */
export const PATCH_VALUES = PATCH_PX * PATCH_PX * CHANNELS;

/** The levels of a picture, of which a patch is the 11 x 11 px right and below of its place. */
export interface PatchSource extends Size {
  readonly levels: Uint8Array;
}

export function patchSource({ width, height, data }: RgbImage): PatchSource {
  return { width, height, levels: levelsOf({ width, height, data }) };
}

/** A place is the number of the pixel in the upper left corner. */
export function placeAt({ width }: Size, x: number, y: number): number {
  return y * width + x;
}

/**
 * Sum of squared differences of two patches over all values, as long as it stays below the limit: Infinity where it does not.
 */
export function squaredDistance(
  [source, place]: readonly [PatchSource, number],
  [other, otherPlace]: readonly [PatchSource, number],
  limit: number,
): number {
  const rowValues = PATCH_PX * CHANNELS;
  let sum = 0;
  for (let row = 0; row < PATCH_PX; row += 1) {
    const from = (place + row * source.width) * CHANNELS;
    const to = (otherPlace + row * other.width) * CHANNELS;
    for (let at = 0; at < rowValues; at += 1) {
      const difference = (source.levels[from + at] as number) - (other.levels[to + at] as number);
      sum += difference * difference;
    }
    if (sum >= limit) return Number.POSITIVE_INFINITY;
  }
  return sum;
}
