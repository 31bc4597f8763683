import type { RgbImage } from '@singan/domain';

const SIDE = 11;

/** All 11 x 11 patches of an image, row by row, straight from its pixels, in double precision. */
export function patchesOf({ width, height, data }: RgbImage): Float64Array[] {
  const patches: Float64Array[] = [];
  for (let top = 0; top + SIDE <= height; top++) {
    for (let left = 0; left + SIDE <= width; left++) {
      const rows = Array.from({ length: SIDE }, (_, y) => {
        const start = ((top + y) * width + left) * 3;
        return [...data.subarray(start, start + SIDE * 3)];
      });
      patches.push(Float64Array.from(rows.flat()));
    }
  }
  return patches;
}

/** Mean square of the differences of two patches. */
export function patchDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
