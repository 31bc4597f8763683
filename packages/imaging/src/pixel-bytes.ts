import type { RgbImage } from '@singan/domain';

const HALF_RANGE = 127.5;
const CHANNELS = 3;

/** A picture as rows of bytes, one (gray) or three (RGB) a pixel. */
export interface PixelBytes {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/**
 * A picture in [-1, 1] as bytes: rounded to the nearest of the 256 levels (truncation would darken by half a level), values outside
 * [-1, 1] clamped. Gray is the mean of the three channels.
 */
export function pixelBytes({ width, height, data }: RgbImage, { gray }: { gray: boolean }): PixelBytes {
  if (data.length !== width * height * CHANNELS) {
    throw new Error(`expected ${width}x${height}x${CHANNELS} values, got ${data.length}`);
  }
  return gray
    ? { width, height, channels: 1, data: grayBytes(data) }
    : { width, height, channels: CHANNELS, data: rgbBytes(data) };
}

function rgbBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) bytes[index] = toByte(values[index] ?? 0);
  return bytes;
}

function grayBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length / CHANNELS);
  for (let pixel = 0; pixel < bytes.length; pixel += 1) {
    const start = pixel * CHANNELS;
    const sum = (values[start] ?? 0) + (values[start + 1] ?? 0) + (values[start + 2] ?? 0);
    bytes[pixel] = toByte(sum / CHANNELS);
  }
  return bytes;
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round((value + 1) * HALF_RANGE)));
}
