import { assertNever, type RgbImage } from '@singan/domain';
import sharp, { type Sharp } from 'sharp';
import { pixelBytes } from './pixel-bytes.ts';

export const ENCODED_FORMATS = ['png', 'webp', 'jpeg'] as const;
export type EncodedFormat = (typeof ENCODED_FORMATS)[number];

/** Generated texture is fine-grained: below this JPEG and WebP visibly smear it. */
const QUALITY = 92;

export interface EncodeOptions {
  /** Writes one channel, the mean of the three: for models of a gray picture. */
  readonly gray?: boolean;
}

/**
 * A picture in [-1, 1] as file bytes. Values are rounded to the nearest of the 256 levels (truncation would darken by half a level),
 * values outside [-1, 1] are clamped. Equal pictures give equal bytes.
 */
export async function encodeImage(
  image: RgbImage,
  format: EncodedFormat,
  options: EncodeOptions = {},
): Promise<Buffer> {
  const { data, ...raw } = pixelBytes(image, { gray: options.gray ?? false });
  const pixels = sharp(data, { raw });
  const picture = raw.channels === 1 ? pixels.toColourspace('b-w') : pixels;
  return encode(picture, format).toBuffer();
}

function encode(picture: Sharp, format: EncodedFormat): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: 6, palette: false });
    case 'webp':
      return picture.webp({ quality: QUALITY, effort: 4 });
    case 'jpeg':
      // 4:4:4: halving the colour resolution shows at the small sizes trained here.
      return picture.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
    default:
      return assertNever(format);
  }
}
