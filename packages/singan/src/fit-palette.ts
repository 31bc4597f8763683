import { AppError, type RgbImage } from '@singan/domain';
import { IMAGE_CHANNELS } from './net-layout.ts';
import { uniformValues } from './noise.ts';
import { type Colour, nearestIndices, type Palette, squaredDistance } from './palette.ts';

/** Of Lloyd's algorithm; it nearly always converges within thirty. */
const MAX_ROUNDS = 300;

/** Colours stand still when the squares of their moves add up to at most this share of the variance of a channel, as in scikit-learn. */
const STILL = 1e-4;

/** Starts that are tried; the best result counts. */
const STARTS = 10;

export interface FitPaletteOptions {
  /** Colours of the palette, >= 1; some are equal when the picture has fewer. */
  readonly colours: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
}

/**
 * The palette that stands for a picture with the least squared error, by k-means on its RGB pixels (a clustering of planes, as in
 * the published code, would mix neighbours instead of colours). Ten starts by k-means++; a pure function of picture, number and seed.
 * In host memory, so the same on every engine.
 */
export function fitPalette(image: RgbImage, { colours, seed }: FitPaletteOptions): Palette {
  if (!Number.isInteger(colours) || colours < 1) {
    throw new AppError('internal', `expected a whole number of colours from 1, got ${colours}`);
  }
  let best: { palette: Palette; error: number } | undefined;
  for (let start = 0; start < STARTS; start++) {
    const draws = uniformValues(colours, { seed, purpose: 'palette', scale: 0, iteration: start });
    const palette = refinePalette(image, firstPalette(image, draws));
    const error = quantizationError(image, palette);
    if (best === undefined || error < best.error) best = { palette, error };
  }
  return (best as { palette: Palette }).palette;
}

/**
 * Lloyd's algorithm: each colour moves to the mean of the pixels nearest to it, until they have all but stopped, or 300 times.
 * A colour without pixels stays.
 */
export function refinePalette(image: RgbImage, start: Palette): Palette {
  const tolerance = STILL * channelVariance(image);
  let palette = start;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = palette;
    palette = meanColours(image, nearestIndices(image, before), before);
    if (squaredMove(before, palette) <= tolerance) break;
  }
  return palette;
}

/** Sum of the squared ways of all colours. */
function squaredMove(before: Palette, after: Palette): number {
  const [from, to] = [before.flat(), after.flat()];
  return from.reduce((total, value, i) => total + (value - (to[i] as number)) ** 2, 0);
}

/** Mean of the variances of the three channels. */
function channelVariance(image: RgbImage): number {
  const [mean] = meanColours(image, new Uint32Array(image.data.length / IMAGE_CHANNELS), [[0, 0, 0]]);
  return (
    image.data.reduce((total, value, i) => total + (value - ((mean as Colour)[i % IMAGE_CHANNELS] as number)) ** 2, 0) /
    image.data.length
  );
}

/** Sum over pixels of the squared distance to the nearest colour: what k-means makes small. */
export function quantizationError(image: RgbImage, palette: Palette): number {
  return sum(leastDistances(image, palette));
}

/** k-means++: the first colour is any pixel, each further one a pixel drawn by its squared distance to the colours so far. */
function firstPalette(image: RgbImage, draws: Float64Array): Palette {
  const pixels = image.data.length / IMAGE_CHANNELS;
  const palette: Colour[] = [];
  for (const draw of draws) {
    const weights = palette.length === 0 ? new Float64Array(pixels).fill(1) : leastDistances(image, palette);
    palette.push(colourOf(image, drawIndex(weights, draw)));
  }
  return palette;
}

/** @param draw in [0, 1) */
function drawIndex(weights: Float64Array, draw: number): number {
  let left = draw * sum(weights);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  // Nothing to choose from: every pixel has its colour already.
  return 0;
}

function leastDistances(image: RgbImage, palette: Palette): Float64Array {
  const indices = nearestIndices(image, palette);
  return Float64Array.from(indices, (colour, pixel) => squaredDistance(image.data, pixel, palette[colour] as Colour));
}

function meanColours({ data }: RgbImage, indices: Uint32Array, palette: Palette): Palette {
  const sums = palette.map(() => ({ count: 0, colour: [0, 0, 0] as [number, number, number] }));
  for (const [pixel, index] of indices.entries()) {
    const total = sums[index] as (typeof sums)[number];
    total.count += 1;
    for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
      total.colour[channel] = (total.colour[channel] as number) + (data[pixel * IMAGE_CHANNELS + channel] as number);
    }
  }
  return sums.map(({ count, colour: [red, green, blue] }, index) =>
    count === 0 ? (palette[index] as Colour) : [red / count, green / count, blue / count],
  );
}

function colourOf({ data }: RgbImage, pixel: number): Colour {
  return [...data.subarray(pixel * IMAGE_CHANNELS, (pixel + 1) * IMAGE_CHANNELS)] as unknown as Colour;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
