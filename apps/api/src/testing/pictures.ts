import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { tinyPicture } from './requests.ts';

export function flatPicture(width: number, height: number): Promise<Buffer> {
  return plain(width, height).png().toBuffer();
}

/** A small picture whose header, with a right checksum, says that it is large. */
export async function withClaimedSize(width: number, height: number): Promise<Buffer> {
  const png = Buffer.from(await tinyPicture());
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

/** Black with a white rectangle at the top left, which may be empty or everything. */
export function maskOf(size: { width: number; height: number }, white: { width: number; height: number }) {
  const pixels = Buffer.alloc(size.width * size.height);
  for (let y = 0; y < white.height; y += 1) pixels.fill(255, y * size.width, y * size.width + white.width);
  return sharp(pixels, { raw: { ...size, channels: 1 } })
    .png()
    .toBuffer();
}

/** One colour with one alpha, from 0 to 1. */
export function objectOf(width: number, height: number, alpha = 1): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha } } })
    .png()
    .toBuffer();
}

/** A picture of 40x30 px once it is upright, stored in another way than as a plain PNG. */
export const UNUSUAL_PICTURES = {
  rotated: () => plain(30, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'of 16 bit': () => plain(40, 30).toColourspace('rgb16').png().toBuffer(),
  'in CMYK': () => plain(40, 30).toColourspace('cmyk').jpeg().toBuffer(),
  gray: () => plain(40, 30).toColourspace('b-w').png().toBuffer(),
  'of 16 bit gray': () => plain(40, 30).toColourspace('grey16').png().toBuffer(),
  'with alpha': () => objectOf(40, 30, 0.5),
  'opaque with alpha': () => objectOf(40, 30, 1),
} as const;

function plain(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#467' } });
}

/** Marked pixels of a stored mask. */
export async function countWhite(mask: Buffer): Promise<number> {
  const pixels = await sharp(mask).toColourspace('b-w').raw().toBuffer();
  return pixels.filter((value) => value === 255).length;
}
