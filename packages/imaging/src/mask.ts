import { AppError, type Size } from '@singan/domain';

/** Which pixels of a picture are meant: row-major, one byte a pixel, 1 (marked) or 0. `data.length === height * width`. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Bytes of a picture that mark a pixel, in its brightest channel over black. */
export const MASK_THRESHOLD = 128;

/**
 * A mask at another size, nearest neighbour: pixel i of n takes pixel floor((i + 1/2) m / n) of m. The mask itself when it has the
 * size. Marks thinner than the ratio of the sizes can vanish: ask `requireUsableMask` afterwards.
 */
export function resizeMask(mask: Mask, { width, height }: Size): Mask {
  if (mask.width === width && mask.height === height) return mask;
  const columns = nearest(mask.width, width);
  const data = new Uint8Array(width * height);
  for (const [y, row] of nearest(mask.height, height).entries()) {
    for (let x = 0; x < width; x += 1) data[y * width + x] = mask.data[row * mask.width + (columns[x] ?? 0)] ?? 0;
  }
  return { width, height, data };
}

/** For each of `to` positions the one of `from` that is nearest to it. */
function nearest(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to }, (_, index) => Math.floor(((index + 0.5) * from) / to));
}

/** @throws AppError `mask.empty` or `mask.full`: with nothing, or everything, to be replaced there is nothing to blend */
export function requireUsableMask({ width, height, data }: Mask): void {
  const marked = data.reduce((sum, value) => sum + value, 0);
  if (marked === 0) {
    throw new AppError(
      'mask.empty',
      `The mask marks none of ${width}x${height} pixels. White marks what is to be changed: a pixel counts from the value ${MASK_THRESHOLD} of 255 on, transparent ones are black. A mask stored as 0 and 1 must be saved as 0 and 255.`,
    );
  }
  if (marked === data.length) {
    throw new AppError(
      'mask.full',
      `The mask marks all of ${width}x${height} pixels. White marks what is to be changed, black (a value below ${MASK_THRESHOLD} of 255, or transparent) what is kept: leave some of it.`,
    );
  }
}
