import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '@singan/domain';
import type * as tf from '@tensorflow/tfjs-core';
import { takeImage } from './image-tensor.ts';
import { normalNoise } from './noise.ts';
import type { NoiseShape } from './noise-shape.ts';
import { requireStartScale } from './require-scales.ts';
import { createLoopWalk, createOpenWalk, type ScaleWalk } from './scale-walk.ts';
import type { TrainedModel } from './trained-model.ts';

export interface AnimateOptions {
  /** Scales below it keep z^rec, so that large structure stands still. 0 to S - 1. */
  readonly startScale: number;
  /** In [0, 1]: how strongly the frames are held to the training image; usually 0.1. */
  readonly alpha: number;
  /** In [0, 1]: smoothness of the motion; usually 0.8 to 0.95. */
  readonly beta: number;
  /** Number of frames. */
  readonly frames: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Whether the last frame leads over to the first. Such an animation does not begin at the training image. */
  readonly isLoop: boolean;
  /** As in `sampleImage`. */
  readonly tileLimitPixels?: number;
}

/**
 * Frames of an animation, by a random walk of the noise of every scale around z^rec (see `NoiseWalk`, `createLoopWalk`), at the
 * training size, in [-1, 1]. The same model, options and engine give the same bytes. Lets the event loop run after each frame;
 * the tensors are disposed when the generator ends, also when it is left early. The model must live as long.
 * @throws AppError `sample.start_scale`, `model.not_ready`
 */
export async function* animate(model: TrainedModel, o: AnimateOptions): AsyncGenerator<RgbImage, void> {
  requireStartScale(model, o.startScale);
  const { startScale, tileLimitPixels } = o;
  const start = startScale > 0 ? model.reconstructionStart(startScale) : undefined;
  const walks = new Map<number, ScaleWalk>();
  try {
    for (let scale = startScale; scale < model.scaleCount; scale++) {
      walks.set(scale, createWalk(model, { ...o, scale }));
      await setImmediate();
    }
    for (let frame = 0; frame < o.frames; frame++) {
      const noiseOf = (scale: number) => (walks.get(scale) as ScaleWalk).noiseOf(frame);
      yield takeImage(model.sample({ startScale, tileLimitPixels, noiseOf, ...(start && { start }) }));
      await setImmediate();
    }
  } finally {
    for (const walk of walks.values()) walk.dispose();
    start?.dispose();
  }
}

function createWalk(model: TrainedModel, o: AnimateOptions & { scale: number }): ScaleWalk {
  const { scale, seed, alpha, beta } = o;
  const fixed = model.reconstructionNoise(scale);
  const draw = (step: number): tf.Tensor4D =>
    normalNoise(fixed.shape as NoiseShape, { seed, purpose: 'animation', scale, iteration: step });
  const walk = { fixed, alpha, beta, draw };
  return o.isLoop ? createLoopWalk(walk, o.frames) : createOpenWalk(walk);
}
