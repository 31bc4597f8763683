import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type RgbImage } from '@singan/domain';
import { canonicalize, decodeRgb } from '@singan/imaging';
import { UsageError } from './usage-error.ts';

/** Names of files that are taken for pictures; what they hold decides the rest. */
const PICTURE_NAME = /\.(png|jpe?g|webp|tiff?|avif|gif)$/i;
const LIMITS = { maxBytes: 200e6, maxPixels: 50e6, maxSidePx: 20_000 };

/** A picture as the service sees an upload: upright, sRGB, 8 bit, without alpha. Kept as a PNG until it is looked at. */
export interface Picture {
  /** Of the file, without its extension. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly gray: boolean;
  readonly png: Uint8Array;
}

/**
 * Picture files of a folder, by name; others are passed over.
 * @throws UsageError where there is no such folder, or no picture in it
 */
export async function listPictures(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new UsageError(`expected a folder of pictures, got ${folder}: ${error.message}`);
  });
  const pictures = names.filter((name) => PICTURE_NAME.test(name) && !name.startsWith('.')).sort();
  if (pictures.length > 0) return pictures.map((name) => path.join(folder, name));
  throw new UsageError(
    `expected pictures (PNG, JPEG, WebP, TIFF, AVIF, GIF) in ${folder}, got ${names.length} other files`,
  );
}

/** @throws UsageError that names the file, where it is none or no picture */
export async function readPicture(file: string): Promise<Picture> {
  const facts = await stat(file).catch(() => null);
  if (!facts?.isFile()) throw new UsageError(`expected a picture file, got ${file}, which is no file`);
  try {
    const { png, width, height, gray } = await canonicalize(file, LIMITS);
    return { name: nameOf(file), width, height, gray, png };
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

export function nameOf(file: string): string {
  return path.parse(file).name;
}

export function pixelsOf({ png }: Picture): Promise<RgbImage> {
  return decodeRgb(png);
}
