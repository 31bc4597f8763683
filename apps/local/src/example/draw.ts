import type { RgbImage, Size } from '@singan/domain';
import type { Colour } from './colour.ts';
import type { Point } from './landscape.ts';
import { clamp01 } from './noise.ts';

/** Points per pixel and side: edges must be smooth, since a generator learns jagged ones too. */
const OVERSAMPLING = 3;

/** A picture by formula: each pixel the mean over its points. */
export function draw({ width, height }: Size, colourAt: (point: Point) => Colour): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pointAt = (dx: number, dy: number): Point => [(x + dx) / height, (y + dy) / height];
      data.set(meanColour(pointAt, colourAt), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Over the points of a pixel, in [-1, 1]. */
function meanColour(pointAt: (dx: number, dy: number) => Point, colourAt: (point: Point) => Colour): number[] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let n = 0; n < OVERSAMPLING ** 2; n++) {
    const [i, j] = [n % OVERSAMPLING, Math.floor(n / OVERSAMPLING)];
    const colour = colourAt(pointAt((i + 0.5) / OVERSAMPLING, (j + 0.5) / OVERSAMPLING));
    for (const channel of [0, 1, 2] as const) sum[channel] += clamp01(colour[channel]);
  }
  return sum.map((value) => (value * 2) / OVERSAMPLING ** 2 - 1);
}

/** A mask: white where `isMarked`. */
export function drawMask(size: Size, isMarked: (point: Point) => boolean): RgbImage {
  return draw(size, (point) => (isMarked(point) ? [1, 1, 1] : [0, 0, 0]));
}
