import { AppError, type RgbImage } from '@singan/domain';
import { planSuperResolution } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { GeneratorPyramid } from './generator-pyramid.ts';
import { requireWholeImage, takeImage, toTensor } from './image-tensor.ts';
import { normalNoise } from './noise.ts';
import type { TrainedModel } from './trained-model.ts';

export interface SuperResolveOptions {
  /** The training image; of any size, for the generator knows only its patches. */
  readonly image: RgbImage;
  /** s, above 1 and at most 8; need not be the one that the model was trained for. */
  readonly factor: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** As in `sampleImage`. */
  readonly tileLimitPixels?: number;
}

/**
 * The picture s times as large, by the finest generator again and again, for the structures of a picture recur at finer scales:
 *
 *   k times:   prev = image enlarged by r,   image = G(sigma z + prev) + prev,   r = s^(1/k), k = round(log s / log 2^(1/3))
 *
 * The result has exactly round(s width) x round(s height) pixels, halves up, in [-1, 1]. The caller limits the size, by
 * `planSuperResolution`. The same model, options and engine give the same bytes.
 * @throws AppError `model.wrong_purpose` for a model of the concurrent scheme; `model.not_ready` with less than two scales; `request.field_invalid` for another factor; `internal` when the data do not fit the size of the image
 */
export function superResolve(model: TrainedModel, o: SuperResolveOptions): RgbImage {
  requirePyramid(model);
  requireFinerScale(model);
  requireWholeImage(o.image);
  const sizes = planSuperResolution(o.image, o.factor, { maxPixels: Number.POSITIVE_INFINITY });
  const finest = model.scaleCount - 1;
  const { seed, tileLimitPixels } = o;
  let image = toTensor(o.image);
  for (const [step, size] of sizes.entries()) {
    const coarser = image;
    image = model.refine(finest, {
      coarser,
      size,
      tileLimitPixels,
      noiseOf: (scale, shape) => normalNoise(shape, { seed, purpose: 'superResolution', scale, iteration: step }),
    });
    tf.dispose(coarser);
  }
  return takeImage(image);
}

/** A growing generator has no finest part that could be used on its own. */
function requirePyramid(model: TrainedModel): asserts model is GeneratorPyramid {
  if (model instanceof GeneratorPyramid) return;
  throw new AppError(
    'model.wrong_purpose',
    'Super-resolution needs the sequential scheme, this model was trained with scheme concurrent. Train one with config {"scheme": "sequential", "purpose": "super-resolution"}.',
  );
}

/** The coarsest generator has never seen a previous image. */
function requireFinerScale({ scaleCount }: GeneratorPyramid): void {
  if (scaleCount > 1) return;
  throw new AppError('model.not_ready', `A super-resolution needs at least two trained scales, got ${scaleCount}.`);
}
