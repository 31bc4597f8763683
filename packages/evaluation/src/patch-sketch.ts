import { PATCH_PX, PATCH_VALUES, type PatchSource } from './patches.ts';
import { CHANNELS } from './pixel-levels.ts';

/** Where a patch is cut into quadrants, px: 6 and 5. */
const CUT_PX = 6;
/** Pixels of the quadrants, row by row. */
const QUADRANT_PIXELS = [36, 30, 30, 25] as const;
const QUADRANT_VALUES = QUADRANT_PIXELS.length * CHANNELS;
/** Roots of the numbers of pixels behind the values of a sketch. */
const ROOTS = Float64Array.from({ length: QUADRANT_VALUES }, (_, at) =>
  Math.sqrt(QUADRANT_PIXELS[Math.floor(at / CHANNELS)] ?? Number.NaN),
);
/** Numbers in the sketch of a patch: for each quadrant one of each channel, then the length of what they leave. */
export const SKETCH_VALUES = QUADRANT_VALUES + 1;

/**
 * Writes the sketch of a patch, whose squared distance to another sketch is never above that of the patches.
 * Its sums over the quadrants per channel, each divided by the root of the number of pixels, are a projection onto orthonormal
 * vectors. Of what is left of the patch the sketch has the length r: |a - b| >= |r_a - r_b|. That makes the bound sharp where a noisy
 * patch meets smooth ones, which are all at about the same distance.
 */
export function writeSketch({ levels, width }: PatchSource, place: number, sketch: Float64Array, offset = 0): void {
  sketch.fill(0, offset, offset + SKETCH_VALUES);
  let squares = 0;
  for (let y = 0; y < PATCH_PX; y += 1) {
    for (let x = 0; x < PATCH_PX; x += 1) {
      const quadrant = (y < CUT_PX ? 0 : 2) + (x < CUT_PX ? 0 : 1);
      const from = (place + y * width + x) * CHANNELS;
      const to = offset + quadrant * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const level = levels[from + channel] as number;
        sketch[to + channel] = (sketch[to + channel] as number) + level;
        squares += level * level;
      }
    }
  }
  for (let at = 0; at < QUADRANT_VALUES; at += 1) {
    const value = (sketch[offset + at] as number) / (ROOTS[at] as number);
    sketch[offset + at] = value;
    squares -= value * value;
  }
  sketch[offset + QUADRANT_VALUES] = Math.sqrt(Math.max(0, squares));
}

/** Mean of all values of the patch of a sketch. */
export function meanOfSketch(sketch: Float64Array): number {
  return ROOTS.reduce((sum, root, at) => sum + root * (sketch[at] ?? 0), 0) / PATCH_VALUES;
}
