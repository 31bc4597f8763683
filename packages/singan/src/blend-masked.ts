import { AppError, type RgbImage } from '@singan/domain';
import { IMAGE_CHANNELS } from './net-layout.ts';

export interface BlendMaskedOptions {
  readonly background: RgbImage;
  /** Of the size of the background. */
  readonly generated: RgbImage;
  /** m in [0, 1] for each pixel, row by row: how much of the generated picture shows. */
  readonly mask: Float32Array;
}

/**
 * (1 - m) background + m generated, for harmonization and editing. Where m = 0 the background to the bit.
 * @throws AppError `internal` when the sizes differ
 */
export function blendMasked({ background, generated, mask }: BlendMaskedOptions): RgbImage {
  const { width, height } = background;
  requireSizes({ background, generated, mask });
  const data = background.data.map((behind, i) => {
    const share = mask[Math.floor(i / IMAGE_CHANNELS)] as number;
    return share === 0 ? behind : (1 - share) * behind + share * (generated.data[i] as number);
  });
  return { width, height, data };
}

function requireSizes({ background, generated, mask }: BlendMaskedOptions): void {
  const { width, height } = background;
  const isWhole = [background, generated].every(({ data }) => data.length === width * height * IMAGE_CHANNELS);
  if (isWhole && generated.width === width && mask.length === width * height) return;
  throw new AppError(
    'internal',
    `expected pictures and a mask of ${width}x${height}, got a generated picture of ${generated.width}x${generated.height} and a mask of ${mask.length} values`,
  );
}
