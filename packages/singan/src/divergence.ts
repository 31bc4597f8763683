import { AppError, type RgbImage } from '@singan/domain';
import { IMAGE_CHANNELS } from './net-layout.ts';
import type { IterationLosses } from './training-event.ts';

/**
 * Less than this between the darkest and the brightest pixel is one colour. Far below a level of 8 bits, for the running
 * statistics of a scale with very few iterations still hide most of what its generator does.
 */
const FLAT_RANGE = 1e-6;
/** Two levels of 8 bits: a picture with less may well give flat images. */
const PICTURE_RANGE = 4 / 255;

/** @throws AppError `training.diverged` when a loss is no number */
export function requireFiniteLosses(losses: IterationLosses, at: { scale: number; iteration: number }): void {
  const wrong = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  if (!wrong) return;
  throw new AppError(
    'training.diverged',
    `Scale ${at.scale}, iteration ${at.iteration}: expected finite losses, got ${wrong[0]} = ${wrong[1]}; try a smaller learningRate.`,
    { context: { ...losses, ...at } },
  );
}

/**
 * @param o.real the training image of the same scale
 * @throws AppError `training.diverged` when a generated image has values that are no numbers, or is flat
 */
export function requireLivingImage(image: RgbImage, o: { real: RgbImage; what: string; scale: number }): void {
  const range = rangeOf(image);
  const isFlat = range < FLAT_RANGE && rangeOf(o.real) > PICTURE_RANGE;
  if (Number.isFinite(range) && !isFlat) return;
  const got = isFlat ? 'one flat colour' : 'values that are no numbers';
  throw new AppError(
    'training.diverged',
    `Scale ${o.scale}: expected the ${o.what} to be an image, got ${got}; try a smaller learningRate or another seed.`,
    { context: { scale: o.scale, range } },
  );
}

/** Largest value minus smallest, in the channel where that is most; NaN if any value is. */
function rangeOf({ data }: RgbImage): number {
  const ranges = Array.from({ length: IMAGE_CHANNELS }, (_, channel) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = channel; i < data.length; i += IMAGE_CHANNELS) {
      low = Math.min(low, data[i] as number);
      high = Math.max(high, data[i] as number);
    }
    return high - low;
  });
  return Math.max(...ranges);
}
