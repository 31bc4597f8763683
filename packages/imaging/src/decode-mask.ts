import { AppError } from '@singan/domain';
import sharp from 'sharp';
import { MASK_THRESHOLD, type Mask } from './mask.ts';

const CHANNELS = 4;

/**
 * The pixels that a picture marks. Over black and in one channel, the brightest of the three, a marked pixel has at least half of
 * the full value:
 *
 * marked = round(max(red, green, blue) * alpha / 255) >= 128
 *
 * So white marks, and so does any full colour; black, dark gray and transparent pixels do not. The luminance would not do: that of
 * full red or blue is below the half.
 *
 * @param png of `canonicalizeWithAlpha`, or any picture file of this service
 * @throws AppError `image.corrupt`
 */
export async function decodeMask(png: Uint8Array): Promise<Mask> {
  const { pixels, width, height } = await decodeRgba(png);
  const data = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index += 1) {
    const at = index * CHANNELS;
    const brightest = Math.max(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    data[index] = Math.round((brightest * (pixels[at + 3] ?? 0)) / 255) >= MASK_THRESHOLD ? 1 : 0;
  }
  return { width, height, data };
}

async function decodeRgba(png: Uint8Array): Promise<{ pixels: Uint8Array; width: number; height: number }> {
  try {
    const { data, info } = await sharp(png, { failOn: 'warning' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (cause) {
    throw new AppError('image.corrupt', 'A stored mask cannot be decoded: it is truncated or damaged.', { cause });
  }
}
