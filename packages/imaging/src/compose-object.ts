import { AppError, type RgbImage, type Size } from '@singan/domain';
import sharp from 'sharp';
import type { Mask } from './mask.ts';

export interface Placement {
  /** Left edge of the object, px of the background; whole, may be negative. */
  readonly x: number;
  /** Top edge of the object, px of the background; whole, may be negative. */
  readonly y: number;
  /** Size of the object relative to its file, above 0. */
  readonly scale: number;
}

export interface ComposeOptions {
  readonly background: RgbImage;
  /** A picture file with alpha, of `canonicalizeWithAlpha`. */
  readonly object: Uint8Array;
  readonly placement: Placement;
}

export interface Composition {
  readonly composite: RgbImage;
  /** The pixels of the background of which the object covers at least half. */
  readonly mask: Mask;
}

/** A rectangle in px of the background, without its right and bottom edge. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const OBJECT_CHANNELS = 4;
const CHANNELS = 3;
const HALF_RANGE = 127.5;

/**
 * Lays an object on a picture: scaled (Lanczos, alpha premultiplied, so that hidden colours do not bleed in), its top left corner at
 * the placement, what hangs over cut off, and blended:
 *
 * composite = alpha object + (1 - alpha) background,   mask = alpha >= 1/2
 *
 * A mask without marks (a transparent object) is not refused here: see `requireUsableMask`.
 *
 * @throws AppError `object.outside` when no pixel of the object would lie on the background, `image.corrupt`
 */
export async function composeObject({ background, object, placement }: ComposeOptions): Promise<Composition> {
  requirePlacement(placement);
  const box = boxOf(await sizeOf(object), placement);
  const visible = requireOverlap(box, background);
  const pixels = await renderVisible(object, { box, visible });
  return blend({ background, pixels, visible });
}

function requirePlacement({ x, y, scale }: Placement): void {
  if (Number.isInteger(x) && Number.isInteger(y) && scale > 0 && Number.isFinite(scale)) return;
  throw new Error(`expected whole x and y and a scale above 0, got x ${x}, y ${y}, scale ${scale}`);
}

async function sizeOf(object: Uint8Array): Promise<Size> {
  try {
    const { width, height } = await sharp(object).metadata();
    return { width, height };
  } catch (cause) {
    throw corrupt(cause);
  }
}

function boxOf({ width, height }: Size, { x, y, scale }: Placement): Box {
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { left: x, top: y, right: x + scaled(width), bottom: y + scaled(height) };
}

function requireOverlap(box: Box, { width, height }: Size): Box {
  const visible = {
    left: Math.max(0, box.left),
    top: Math.max(0, box.top),
    right: Math.min(width, box.right),
    bottom: Math.min(height, box.bottom),
  };
  if (visible.left < visible.right && visible.top < visible.bottom) return visible;
  throw new AppError(
    'object.outside',
    `The object lies wholly outside the background: scaled it covers x ${box.left} to ${box.right - 1} and y ${box.top} to ${box.bottom - 1}, the background has x 0 to ${width - 1} and y 0 to ${height - 1} (${width}x${height} px). Place it so that they overlap.`,
  );
}

/** Only the visible part is computed, however large the scaled object would be. Four bytes a pixel, not premultiplied. */
async function renderVisible(object: Uint8Array, { box, visible }: { box: Box; visible: Box }): Promise<Uint8Array> {
  try {
    return await sharp(object, { failOn: 'warning' })
      .toColourspace('srgb')
      .ensureAlpha()
      .resize({ ...sizeOfBox(box), fit: 'fill', kernel: 'lanczos3' })
      .extract({ left: visible.left - box.left, top: visible.top - box.top, ...sizeOfBox(visible) })
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch (cause) {
    throw corrupt(cause);
  }
}

function sizeOfBox({ left, top, right, bottom }: Box): Size {
  return { width: right - left, height: bottom - top };
}

function blend(o: { background: RgbImage; pixels: Uint8Array; visible: Box }): Composition {
  const { width, height } = o.background;
  const data = Float32Array.from(o.background.data);
  const mask = new Uint8Array(width * height);
  let source = 0;
  for (let y = o.visible.top; y < o.visible.bottom; y += 1) {
    for (let x = o.visible.left; x < o.visible.right; x += 1) {
      const pixel = y * width + x;
      const alpha = (o.pixels[source + CHANNELS] ?? 0) / 255;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const value = (o.pixels[source + channel] ?? 0) / HALF_RANGE - 1;
        const at = pixel * CHANNELS + channel;
        data[at] = alpha * value + (1 - alpha) * (data[at] ?? 0);
      }
      mask[pixel] = alpha >= 0.5 ? 1 : 0;
      source += OBJECT_CHANNELS;
    }
  }
  return { composite: { width, height, data }, mask: { width, height, data: mask } };
}

function corrupt(cause: unknown): AppError {
  return new AppError('image.corrupt', 'A stored object cannot be decoded: it is truncated or damaged.', { cause });
}
