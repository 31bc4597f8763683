import type { RgbImage } from '@singan/domain';

/** A picture by a function of place and channel. */
export function pictureOf(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): RgbImage {
  const at = (index: number) => Math.floor(index / 3);
  const data = Float32Array.from({ length: width * height * 3 }, (_, index) =>
    value(at(index) % width, Math.floor(at(index) / width), index % 3),
  );
  return { width, height, data };
}

/** Frame `index` of a slowly moving, smooth, coloured pattern: lossy formats keep it nearly as it is. */
export function movingFrame(index: number, width = 40, height = 30): RgbImage {
  return pictureOf(width, height, (x, y, channel) => 0.8 * Math.sin((x + 2 * y) / 30 + index / 2 + channel));
}

/** The byte of a value in [-1, 1], not rounded. */
export function levelOf(value: number): number {
  return (value + 1) * 127.5;
}
