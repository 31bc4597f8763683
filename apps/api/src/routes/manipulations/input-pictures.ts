import type { InputKind } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import {
  type CanonicalImage,
  canonicalize,
  canonicalizeWithAlpha,
  decodeMask,
  encodeImage,
  type Mask,
  requireUsableMask,
  resizeMask,
} from '@singan/imaging';
import type { UploadRouteOptions } from '../../dependencies.ts';
import type { JobPicture } from '../../http/accept-job.ts';
import type { UploadedFile } from '../../http/read-upload.ts';

/** Pixels of these are walked through in this process: a mask of 16 Mpx holds it up for a tenth of a second. */
const MAX_ALPHA_PIXELS = 16_000_000;

/** What libvips calls sRGB and gray, of 8 bit and of 16. */
const KNOWN_COLOUR_SPACES: ReadonlySet<string> = new Set(['srgb', 'b-w', 'rgb16', 'grey16']);

export interface ReadPicture {
  readonly picture: JobPicture;
  /** What is done to it, in words for the caller. */
  readonly adjustments: readonly string[];
}

interface ReadImageOptions {
  readonly file: UploadedFile;
  /** Its part of the form. */
  readonly name: string;
  readonly kind: InputKind;
  /** The size that the task works at: the worker resizes a picture of another one as the method does. */
  readonly size: Size;
  readonly model: { readonly gray: boolean };
}

/** A picture as it was sent, upright and plain. @throws AppError `image.*`, `request.too_large` */
export async function readImage(
  { settings, decodeInTurn }: UploadRouteOptions,
  { file, name, kind, size, model }: ReadImageOptions,
): Promise<ReadPicture> {
  const decode = () => canonicalize(file.path, settings.uploads);
  const canonical = await underPart(name, () => decodeInTurn(decode));
  const { png, width, height } = canonical;
  const adjustments = [...conversions(name, canonical, model), ...resizing(name, { width, height }, size)];
  return { picture: { kind, png, width, height }, adjustments };
}

/** In words, what brought a picture to what the task takes, but for its size: upright, 8 bit, sRGB, opaque, and gray for a model of a gray one. */
export function conversions(
  name: string,
  { source, transparent, gray }: CanonicalImage,
  model: { readonly gray: boolean },
): string[] {
  const { orientation, bitDepth, colourSpace } = source;
  const done: string[] = [];
  if (orientation !== 1) done.push(`${name} turned upright by its EXIF orientation ${orientation}`);
  if (bitDepth !== 8) done.push(`${name} brought from ${bitDepth} to 8 bit`);
  if (!KNOWN_COLOUR_SPACES.has(colourSpace)) done.push(`${name} brought from ${colourSpace} to sRGB`);
  if (transparent) done.push(`${name} laid over white where it is transparent`);
  if (model.gray && !gray) done.push(`${name} turned to gray, as the training image is`);
  return done;
}

/** A mask at the size of the task. @throws AppError `mask.empty`, `mask.full`, `image.*`, `request.too_large` */
export async function readMask(o: UploadRouteOptions, file: UploadedFile, size: Size): Promise<ReadPicture> {
  const mask = await o.decodeInTurn(async () => decodeMask((await readWithAlpha(o, file, 'mask')).png));
  requireUsableMask(mask);
  const resized = resizeMask(mask, size);
  // Thin marks, or thin gaps, may be gone.
  requireUsableMask(resized);
  return { picture: await maskPicture(resized), adjustments: resizing('mask', mask, size) };
}

/** An upload with its alpha, opaque where it has none. */
export function readWithAlpha({ settings }: UploadRouteOptions, file: UploadedFile, name: string) {
  const maxPixels = Math.min(settings.uploads.maxPixels, MAX_ALPHA_PIXELS);
  return underPart(name, () => canonicalizeWithAlpha(file.path, { ...settings.uploads, maxPixels }));
}

/** A refusal says which of several files it is about. */
async function underPart<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AppError) || error.httpStatus >= 500) throw error;
    const { code, message, context } = error;
    const errors = [{ pointer: `/${name}`, detail: message }];
    throw new AppError(code, `${name}: ${message}`, { cause: error, context, errors });
  }
}

/** White on black. */
export async function maskPicture({ width, height, data }: Mask): Promise<JobPicture> {
  const pixels = new Float32Array(width * height * 3);
  for (const [index, value] of data.entries()) pixels.fill(value === 1 ? 1 : -1, index * 3, index * 3 + 3);
  const png = await encodeImage({ width, height, data: pixels }, 'png', { gray: true });
  return { kind: 'input-mask', png, width, height };
}

function resizing(name: string, from: Size, to: Size): string[] {
  if (from.width === to.width && from.height === to.height) return [];
  return [`${name} resized from ${from.width}x${from.height} to ${to.width}x${to.height}`];
}
