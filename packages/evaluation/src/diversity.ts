import type { RgbImage } from '@singan/domain';
import { CHANNELS, levelsOf } from './pixel-levels.ts';

/** Weights of red, green and blue in the intensity of a pixel (BT.601). */
const INTENSITY = [0.299, 0.587, 0.114] as const;

/** Diversity of a set of samples, collected one sample at a time. */
export interface DiversityMeter {
  /** @param sample of the size of the training image */
  add(sample: RgbImage): void;
  /** Null for fewer than two samples, and for a training image of one intensity: there is nothing to compare with. */
  result(): number | null;
}

/**
 * Diversity as the paper has it (section 3): the standard deviation of a pixel's intensity over the samples, averaged over the pixels,
 * divided by the standard deviation of the intensities of the training image; both of the population.
 *
 *   mean over p of std over k of Y_k(p) / std over p of Y(p)
 *
 * Mean and squares are updated sample by sample (Welford 1962), so that no sample is kept.
 */
export function diversityMeter(real: RgbImage): DiversityMeter {
  const reference = populationStd(intensities(real));
  const pixels = real.width * real.height;
  const mean = new Float64Array(pixels);
  const squares = new Float64Array(pixels);
  let count = 0;
  return {
    add(sample) {
      count += 1;
      for (const [pixel, value] of intensities(sample).entries()) {
        const before = value - (mean[pixel] ?? 0);
        mean[pixel] = (mean[pixel] ?? 0) + before / count;
        squares[pixel] = (squares[pixel] ?? 0) + before * (value - (mean[pixel] ?? 0));
      }
    },
    result() {
      if (count < 2 || reference === 0) return null;
      const sum = squares.reduce((total, square) => total + Math.sqrt(square / count), 0);
      return sum / pixels / reference;
    },
  };
}

/** Of each pixel, in levels of 0 to 255. */
function intensities(image: RgbImage): Float64Array {
  const levels = levelsOf(image);
  const [red, green, blue] = INTENSITY;
  return Float64Array.from({ length: levels.length / CHANNELS }, (_, pixel) => {
    const at = pixel * CHANNELS;
    return red * (levels[at] ?? 0) + green * (levels[at + 1] ?? 0) + blue * (levels[at + 2] ?? 0);
  });
}

function populationStd(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
