import { AppError, type RgbImage } from '@singan/domain';
import { CHANNELS, levelOf, PEAK } from './pixel-levels.ts';

/** Left out on each side, as in published comparisons of super-resolution: the border is made from less. */
export const SHAVE_PX = 4;

/** Luma of BT.601 for channels in [0, 1], in levels: 16 is black, 235 white, as MATLAB's rgb2ycbcr has it, with which results are published. */
const LUMA = { black: 16, red: 65.481, green: 128.553, blue: 24.966 } as const;

export interface LumaDifference {
  /** Root mean square error, in levels of 0 to 255. */
  readonly rmse: number;
  /** Peak signal-to-noise ratio in dB; null when there is no difference. */
  readonly psnr: number | null;
}

/**
 * How far a picture is from the true one: on luma (BT.601), 4 px shaved off each side.
 *
 *   Y = 16 + 65.481 R + 128.553 G + 24.966 B,   RMSE = sqrt(mean (Y - Y*)^2),   PSNR = 20 log10(255 / RMSE)
 *
 * @param picture in [-1, 1], rounded here to the 256 levels of a file
 * @param truth of the same size
 * @throws AppError `internal` when the sizes differ or nothing is left after the shaving
 */
export function compareLuma(picture: RgbImage, truth: RgbImage): LumaDifference {
  requireComparable(picture, truth);
  const { width, height } = picture;
  let squares = 0;
  for (let y = SHAVE_PX; y < height - SHAVE_PX; y += 1) {
    for (let x = SHAVE_PX; x < width - SHAVE_PX; x += 1) {
      const pixel = y * width + x;
      squares += (lumaOf(picture, pixel) - lumaOf(truth, pixel)) ** 2;
    }
  }
  const rmse = Math.sqrt(squares / ((width - 2 * SHAVE_PX) * (height - 2 * SHAVE_PX)));
  return { rmse, psnr: rmse === 0 ? null : 20 * Math.log10(PEAK / rmse) };
}

function lumaOf({ data }: RgbImage, pixel: number): number {
  const at = pixel * CHANNELS;
  const [red, green, blue] = [share(data[at] ?? 0), share(data[at + 1] ?? 0), share(data[at + 2] ?? 0)];
  return LUMA.black + LUMA.red * red + LUMA.green * green + LUMA.blue * blue;
}

/** A value in [-1, 1] as the level of a file, in [0, 1]. */
function share(value: number): number {
  return levelOf(value) / PEAK;
}

function requireComparable(picture: RgbImage, truth: RgbImage): void {
  const { width, height } = picture;
  const isLarge = Math.min(width, height) > 2 * SHAVE_PX;
  if (isLarge && truth.width === width && truth.height === height) return;
  throw new AppError(
    'internal',
    `expected two pictures of one size above ${2 * SHAVE_PX} px, got ${width}x${height} and ${truth.width}x${truth.height}`,
  );
}
