import type { RgbImage } from '@singan/domain';

export const CHANNELS = 3;
/** Highest of the 256 levels of a file. */
export const PEAK = 255;
const HALF_RANGE = PEAK / 2;

/** A value in [-1, 1] as the level of a file, 0 to 255; values beyond are clamped. */
export function levelOf(value: number): number {
  return Math.min(PEAK, Math.max(0, Math.round((value + 1) * HALF_RANGE)));
}

/** A picture as a file holds it: levels 0 to 255, layout HWC. What is measured is what is delivered. */
export function levelsOf({ data }: RgbImage): Uint8Array {
  return Uint8Array.from(data, levelOf);
}
