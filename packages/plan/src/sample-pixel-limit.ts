import type { TrainingConfig } from '@singan/contracts';

/** What a sample of the concurrent scheme may take, whose features are as large as the picture and cannot be made in tiles. */
const MEMORY_BYTES = 2 * 2 ** 30;

/** Feature maps of the finest stage that are alive at once: its noise, its input, two hidden layers and the stage before, or their like at the end. */
const ALIVE_MAPS = 5;

const FLOAT_BYTES = 4;

/** Output pixels that run through a net at once, more are made in tiles: 128 channels of them take 134 MB a layer. */
export const ONE_PIECE_PIXELS = 512 * 512;

/**
 * Most pixels of a sample: the limit of the service; with the concurrent scheme also what fits in 2 GiB (1.7 million pixels at 64 channels), and
 * with instance norm, which normalises by the statistics of the whole picture, what is made in one piece.
 */
export function samplePixelLimit(
  {
    scheme,
    baseChannels,
    normalization,
  }: Pick<TrainingConfig, 'scheme' | 'baseChannels'> & Partial<Pick<TrainingConfig, 'normalization'>>,
  maxPixels: number,
): number {
  if (normalization === 'instance') return Math.min(maxPixels, ONE_PIECE_PIXELS);
  if (scheme === 'sequential') return maxPixels;
  return Math.min(maxPixels, Math.floor(MEMORY_BYTES / (ALIVE_MAPS * baseChannels * FLOAT_BYTES)));
}
