import sharp, { type Sharp } from 'sharp';
import type { CanonicalImage, UploadLimits } from './image-facts.ts';
import type { UploadFormat } from './image-format.ts';
import { corrupt, readHeader } from './read-header.ts';

/** What shows through transparent pixels. */
const BACKDROP = '#ffffff';
const OPAQUE = 255;

/**
 * Decodes an upload whose header is within the limits and writes it anew as a plain PNG of three channels.
 * Runs in the decoding child.
 *
 * @throws AppError as `readHeader`
 */
export function decodeCanonical(path: string, format: UploadFormat, limits: UploadLimits): Promise<CanonicalImage> {
  const overWhite = (upright: Sharp) => upright.flatten({ background: BACKDROP }).toColourspace('srgb').removeAlpha();
  return rewrite({ path, format, limits, channelsOf: overWhite });
}

/**
 * As `decodeCanonical`, but with alpha as a fourth channel; opaque where the file has none.
 * Runs in the decoding child.
 *
 * @throws AppError as `readHeader`
 */
export function decodeCanonicalAlpha(
  path: string,
  format: UploadFormat,
  limits: UploadLimits,
): Promise<CanonicalImage> {
  const withAlpha = (upright: Sharp) => upright.toColourspace('srgb').ensureAlpha();
  return rewrite({ path, format, limits, channelsOf: withAlpha });
}

interface RewriteOptions {
  readonly path: string;
  readonly format: UploadFormat;
  readonly limits: UploadLimits;
  /** Brings the upright picture to the channels that are kept. */
  readonly channelsOf: (upright: Sharp) => Sharp;
}

async function rewrite({ path, format, limits, channelsOf }: RewriteOptions): Promise<CanonicalImage> {
  const { source, gray } = await readHeader(path, format, limits);
  const open = () =>
    sharp(path, { failOn: 'warning', limitInputPixels: limits.maxPixels, sequentialRead: true }).autoOrient();
  try {
    const { data, info } = await channelsOf(open()).png({ compressionLevel: 6 }).toBuffer({ resolveWithObject: true });
    const transparent = source.alpha && (await isTransparent(open()));
    return { png: data, width: info.width, height: info.height, source, gray, transparent };
  } catch (cause) {
    throw corrupt(format, cause);
  }
}

async function isTransparent(picture: Sharp): Promise<boolean> {
  const alpha = await picture.extractChannel('alpha').raw().toBuffer();
  return alpha.some((value) => value < OPAQUE);
}
