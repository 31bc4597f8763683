import type { RgbImage } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { requireWholeImage, takeImage, toTensor } from './image-tensor.ts';
import { normalNoise } from './noise.ts';
import { requireStartScale } from './require-scales.ts';
import type { TrainedModel } from './trained-model.ts';

export interface InjectImageOptions {
  /** A painting, a composite, an edited picture. Of another size than the finest scale it is resized to that first. */
  readonly image: RgbImage;
  /** k, 1 to S - 1: the scale that the picture is put in at. The smaller, the freer; the larger, the nearer to the picture. */
  readonly startScale: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Number of the result within a request. */
  readonly index: number;
  /** As in `sampleImage`. */
  readonly tileLimitPixels?: number;
}

/**
 * What a model makes of a picture (paint-to-image, harmonization, editing): the picture is taken down to the size of scale
 * k - 1, stands in for the image of that scale, and goes through scales k to S - 1 with fresh noise:
 *
 *   x~_{k-1} = picture resized,   x~_n = G_n(sigma_n z_n + prev) + prev for n >= k
 *
 * With the concurrent scheme the picture stands for the noise of stage 0 and goes through the stages below k in the size of stage k - 1.
 * Of the size of the finest scale, in [-1, 1]. The same model, options and engine give the same bytes. A model with a variant
 * of scale k (see `retrainScale`) takes the picture in the colours of its palette.
 * @throws AppError `sample.start_scale`, `model.not_ready`; `internal` when the data do not fit the size of the image
 */
export function injectImage(model: TrainedModel, o: InjectImageOptions): RgbImage {
  requireStartScale(model, o.startScale, { min: 1 });
  requireWholeImage(o.image);
  const start = tf.tidy(() => model.injectionStart(toTensor(o.image), o.startScale));
  const generated = model.sample({
    ...o,
    start,
    noiseOf: (scale, shape) => normalNoise(shape, { seed: o.seed, purpose: 'injection', scale, iteration: o.index }),
  });
  start.dispose();
  return takeImage(generated);
}
