import { AppError, type RgbImage } from '@singan/domain';
import sharp from 'sharp';

const HALF_RANGE = 127.5;

/**
 * Pixels of a canonical PNG (or of a picture this service made) in the convention of the method: float32 in [-1, 1], HWC, RGB.
 *
 * value = byte / 127.5 - 1
 *
 * @throws AppError `image.corrupt`
 */
export async function decodeRgb(png: Uint8Array): Promise<RgbImage> {
  const { data, info } = await decodeBytes(png);
  const pixels = new Float32Array(data.length);
  for (let index = 0; index < data.length; index += 1) pixels[index] = (data[index] ?? 0) / HALF_RANGE - 1;
  return { width: info.width, height: info.height, data: pixels };
}

/** Three bytes per pixel; alpha is dropped, gray is copied to three channels. */
export async function decodeBytes(
  picture: Uint8Array,
): Promise<{ data: Buffer; info: { width: number; height: number } }> {
  try {
    return await sharp(picture, { failOn: 'warning' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new AppError('image.corrupt', 'A stored picture cannot be decoded: it is truncated or damaged.', { cause });
  }
}
