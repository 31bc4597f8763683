import { AppError } from '@singan/domain';
import sharp, { type Metadata } from 'sharp';
import type { ImageFacts, UploadLimits } from './image-facts.ts';
import type { UploadFormat } from './image-format.ts';

const BITS_OF_DEPTH: Readonly<Record<string, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
  double: 64,
};

const GRAY_SPACES: readonly string[] = ['b-w', 'grey16'];

/**
 * Facts from the header alone; nothing is decoded, whatever size the header claims.
 * Runs in the decoding child.
 *
 * @throws AppError `image.corrupt`, `image.unsupported_format` or `image.too_many_pixels`
 */
export async function readHeader(path: string, format: UploadFormat, limits: UploadLimits): Promise<ImageFacts> {
  const metadata = await readMetadata(path, format);
  requireSameFormat(metadata, format);
  requireLimits(metadata, limits);
  return {
    source: {
      format,
      width: metadata.width,
      height: metadata.height,
      channels: metadata.channels,
      orientation: metadata.orientation ?? 1,
      alpha: metadata.hasAlpha,
      bitDepth: BITS_OF_DEPTH[metadata.depth] ?? 8,
      colourSpace: metadata.space,
    },
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    pages: metadata.pages ?? 1,
    gray: GRAY_SPACES.includes(metadata.space),
  };
}

/** The size is compared with our limits afterwards, so that the refusal can name it. */
async function readMetadata(path: string, format: UploadFormat): Promise<Metadata> {
  try {
    return await sharp(path, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw corrupt(format, cause);
  }
}

/** What decoder text a caller may see: none, it can name files of the server. */
export function corrupt(format: UploadFormat, cause: unknown): AppError {
  return new AppError(
    'image.corrupt',
    `The file begins like a ${format.toUpperCase()} picture but cannot be decoded: it is truncated or damaged. Send the complete file, or save it anew.`,
    { cause },
  );
}

function requireSameFormat(metadata: Metadata, format: UploadFormat): void {
  const decoded = metadata.format === 'heif' && metadata.compression === 'av1' ? 'avif' : metadata.format;
  if (decoded === format) return;
  throw new AppError(
    'image.unsupported_format',
    `The file begins like a ${format.toUpperCase()} picture but holds another format (${decoded}).`,
  );
}

function requireLimits(metadata: Metadata, limits: UploadLimits): void {
  const { width, height, pages = 1 } = metadata;
  if (Math.max(width, height) > limits.maxSidePx) {
    throw tooMany(`Each side may have at most ${limits.maxSidePx} px, the picture has ${width}x${height} px`);
  }
  if (width * height > limits.maxPixels) {
    throw tooMany(
      `A picture may have at most ${limits.maxPixels} pixels, this one has ${width}x${height} = ${width * height}`,
    );
  }
  if (pages > (limits.maxPages ?? Number.POSITIVE_INFINITY)) {
    throw new AppError(
      'image.too_many_pixels',
      `A picture may have at most ${limits.maxPages} frames or pages, this one has ${pages}; only the first one would be used.`,
    );
  }
}

function tooMany(fact: string): AppError {
  return new AppError(
    'image.too_many_pixels',
    `${fact}. Shrink it first: training works on a much smaller copy anyway.`,
  );
}
