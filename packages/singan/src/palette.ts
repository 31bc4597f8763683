import { AppError, type RgbImage } from '@singan/domain';
import type { NamedArray } from './named-arrays.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';

/** A colour, [-1, 1] per channel. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Colours that a picture is reduced to. */
export type Palette = readonly Colour[];

/** The palette as it stands in a scale file: [colours, 3]. */
export function paletteArray(palette: Palette): NamedArray {
  return { shape: [palette.length, IMAGE_CHANNELS], data: Float32Array.from(palette.flat()) };
}

/**
 * Each pixel becomes the colour of the palette at the least squared distance, the first of equals.
 * @throws AppError `internal` for an empty palette
 */
export function quantize(image: RgbImage, palette: Palette): RgbImage {
  const data = new Float32Array(image.data.length);
  for (const [pixel, colour] of nearestIndices(image, palette).entries()) {
    data.set(palette[colour] as Colour, pixel * IMAGE_CHANNELS);
  }
  return { width: image.width, height: image.height, data };
}

/** Number of the nearest colour of each pixel, row by row. */
export function nearestIndices({ data }: RgbImage, palette: Palette): Uint32Array {
  if (palette.length === 0) throw new AppError('internal', 'expected a palette of at least one colour, got none');
  const indices = new Uint32Array(data.length / IMAGE_CHANNELS);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    let least = Number.POSITIVE_INFINITY;
    for (let colour = 0; colour < palette.length; colour++) {
      const distance = squaredDistance(data, pixel, palette[colour] as Colour);
      if (distance >= least) continue;
      least = distance;
      indices[pixel] = colour;
    }
  }
  return indices;
}

/** Between a pixel of HWC data and a colour. */
export function squaredDistance(data: Float32Array, pixel: number, [red, green, blue]: Colour): number {
  const at = pixel * IMAGE_CHANNELS;
  const [dr, dg, db] = [(data[at] as number) - red, (data[at + 1] as number) - green, (data[at + 2] as number) - blue];
  return dr * dr + dg * dg + db * db;
}
