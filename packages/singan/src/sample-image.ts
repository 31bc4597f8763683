import { AppError, type RgbImage, type Size } from '@singan/domain';
import { takeImage } from './image-tensor.ts';
import { normalNoise } from './noise.ts';
import { requireStartScale, requireTrained } from './require-scales.ts';
import type { TrainedModel } from './trained-model.ts';

export interface SampleImageOptions {
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Number of the sample within a request. */
  readonly index: number;
  /** Scales below it take the noise of the reconstruction, so that large structure stays; 0 when absent. */
  readonly startScale?: number;
  /** Sizes of every scale, coarsest first; the training sizes when absent. */
  readonly sizes?: readonly Size[];
  /** Output pixels that run through a net at once; larger scales are made in tiles, to the same result. */
  readonly tileLimitPixels?: number;
}

/**
 * A random sample of a model, at its finest scale, clamped to [-1, 1]. The same model, options and engine give the same
 * bytes. Above scale 0, `startScale` continues from the reconstruction at the training sizes, stretched to `sizes`.
 * @throws AppError `sample.start_scale`; `internal` when `sizes` are fewer than the scales
 */
export function sampleImage(model: TrainedModel, o: SampleImageOptions): RgbImage {
  requireStartScale(model, o.startScale ?? 0);
  requireSizes(model, o.sizes);
  const sampled = model.sample({
    ...o,
    noiseOf: (scale, shape) => normalNoise(shape, { seed: o.seed, purpose: 'sample', scale, iteration: o.index }),
  });
  return takeImage(sampled);
}

/** The reconstruction of the training image, from the fixed noise of all scales: {z*, 0, ..., 0} with the sequential scheme. */
export function reconstructImage(model: TrainedModel): RgbImage {
  requireTrained(model);
  return takeImage(model.reconstruct());
}

function requireSizes({ scaleCount }: TrainedModel, sizes: readonly Size[] | undefined): void {
  if (!sizes || sizes.length >= scaleCount) return;
  throw new AppError('internal', `expected sizes of all ${scaleCount} scales, got ${sizes.length}`);
}
