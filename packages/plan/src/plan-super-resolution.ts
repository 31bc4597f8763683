import { MAX_SUPER_RESOLUTION_FACTOR, superResolutionFactorSchema } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import type { SampleLimits } from './plan-sample.ts';
import { roundSnapped } from './snap.ts';

/** One step enlarges by about this; three of them double. */
const USUAL_RATIO = 2 ** (1 / 3);

/**
 * How an enlargement by s is made: k steps of r each.
 *
 *   k = max(1, round(log s / log 2^(1/3))),   r = s^(1/k)
 */
export function superResolutionSteps(factor: number): { count: number; ratio: number } {
  const count = Math.max(1, roundSnapped(Math.log(factor) / Math.log(USUAL_RATIO)));
  return { count, ratio: factor ** (1 / count) };
}

/**
 * Sizes of a picture after each step of its super-resolution: step i has round(side r^i), taken from the picture each time,
 * and the last one exactly round(side s), halves up. Any factor fits any model: it decides r and k alone, and r is within
 * 2^(1/6) to 2^(1/2) for factors from 2^(1/6) on, so near the 2^(1/3) that models for super-resolution are trained with.
 *
 * @throws AppError `request.field_invalid` for a factor that is not in (1, 8], `sample.too_large`
 */
export function planSuperResolution(size: Size, factor: number, limits: SampleLimits): Size[] {
  requireFactor(factor);
  const { count, ratio } = superResolutionSteps(factor);
  const sizes = Array.from({ length: count }, (_, step) =>
    enlarged(size, step + 1 === count ? factor : ratio ** (step + 1)),
  );
  requirePixels(size, factor, limits);
  return sizes;
}

function enlarged({ width, height }: Size, factor: number): Size {
  return { width: roundSnapped(width * factor), height: roundSnapped(height * factor) };
}

function requireFactor(factor: number): void {
  if (superResolutionFactorSchema.safeParse(factor).success) return;
  const detail = `expected a number above 1 and at most ${MAX_SUPER_RESOLUTION_FACTOR}, got ${factor}`;
  throw new AppError('request.field_invalid', `factor: ${detail}.`, { errors: [{ pointer: '/factor', detail }] });
}

function requirePixels(size: Size, factor: number, { maxPixels }: SampleLimits): void {
  const { width, height } = enlarged(size, factor);
  if (width * height <= maxPixels) return;
  const remedy = largestFactor(size, factor, maxPixels);
  throw new AppError(
    'sample.too_large',
    `A picture may have at most ${maxPixels} pixels, got ${width}x${height} = ${width * height} from ${size.width}x${size.height} times ${factor}: ` +
      (remedy === null ? 'no factor above 1 fits.' : `the largest factor that fits is ${remedy}.`),
  );
}

/** In hundredths; null when there is none. */
function largestFactor(size: Size, factor: number, maxPixels: number): number | null {
  const estimate = Math.min(factor, Math.sqrt(maxPixels / (size.width * size.height)));
  for (let hundredths = Math.floor(estimate * 100); hundredths > 100; hundredths--) {
    const { width, height } = enlarged(size, hundredths / 100);
    if (width * height <= maxPixels) return hundredths / 100;
  }
  return null;
}
