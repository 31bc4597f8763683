import { setImmediate } from 'node:timers/promises';
import type { PlanLevel, PyramidPlan, TrainingConfig } from '@singan/contracts';
import { AppError, type RgbImage, type Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { requireFiniteLosses, requireLivingImage } from './divergence.ts';
import type { GeneratorPyramid } from './generator-pyramid.ts';
import { resizeClamped, toImage, toTensor } from './image-tensor.ts';
import { startArrays } from './initial-weights.ts';
import type { NamedArray } from './named-arrays.ts';
import { normalNoise } from './noise.ts';
import type { NoiseShape } from './noise-shape.ts';
import type { TrainingIdentity } from './read-training-file.ts';
import { encodeScaleState, PALETTE, type ScaleState, type ScaleStateKind } from './scale-state.ts';
import { ScaleTrainer } from './scale-trainer.ts';
import type { ScaleFinishedEvent, TrainingControl, TrainingEvent } from './training-event.ts';

export interface TrainScaleOptions {
  /** The working image. */
  readonly image: RgbImage;
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  readonly control: TrainingControl;
  readonly identity: TrainingIdentity;
  readonly scale: number;
  /** The scales before this one; the finished scale is added. */
  readonly pyramid: GeneratorPyramid;
  readonly before: ScaleState | null;
  readonly checkpoint: ScaleState | null;
  /** A trained scale to go on from in place of fresh nets, and the palette that its inputs are to be quantised to. */
  readonly variant?: { readonly trained: ScaleState; readonly palette: NamedArray };
}

/**
 * Trains one scale to its end, or until a stop is requested.
 * @returns the finished scale; null when the training is to end here
 */
export async function* trainScale(o: TrainScaleOptions): AsyncGenerator<TrainingEvent, ScaleState | null> {
  const { scale, pyramid } = o;
  const level = levelOf(o);
  const real = realOf(o, level);
  const trainer = createTrainer(o, { level, real });
  try {
    const { noiseAmplitude } = trainer;
    yield { type: 'scale-started', scale, iteration: trainer.iteration, noiseAmplitude };
    const isStopping = yield* runIterations(o, { trainer, level });
    const isFinished = trainer.iteration === level.iterations;
    const state = isFinished ? stateOf('scale', { o, trainer, level }) : null;
    if (state) {
      pyramid.add(state);
      yield finishedEvent(o, { state, real });
    }
    const isLast = isFinished && scale === o.plan.levels.length - 1;
    if (!isStopping || isLast) return state;
    yield { type: 'stopped', scale, iteration: trainer.iteration };
    return null;
  } finally {
    trainer.dispose();
    real.dispose();
  }
}

interface Training {
  readonly trainer: ScaleTrainer;
  readonly level: PlanLevel;
}

/** @returns whether a stop was requested */
async function* runIterations(
  o: TrainScaleOptions,
  { trainer, level }: Training,
): AsyncGenerator<TrainingEvent, boolean> {
  const { scale, control } = o;
  while (trainer.iteration < level.iterations) {
    const losses = await trainer.runIteration();
    const { iteration } = trainer;
    requireFiniteLosses(losses, { scale, iteration });
    yield { type: 'iteration', scale, iteration, losses };
    const isStopping = control.isStopRequested();
    const isDue = control.isCheckpointDue() || isStopping;
    // After the last iteration the scale file says it all.
    if (isDue && iteration < level.iterations) {
      yield {
        type: 'checkpoint',
        scale,
        iteration,
        bytes: encodeScaleState(stateOf('checkpoint', { o, trainer, level })),
      };
    }
    if (isStopping) return true;
    // A microtask would not let messages in.
    await setImmediate();
  }
  return false;
}

function stateOf(kind: ScaleStateKind, { o, trainer, level }: Training & { o: TrainScaleOptions }): ScaleState {
  const { width, height, channels } = level;
  const { iteration, noiseAmplitude } = trainer;
  const moments = kind === 'checkpoint' ? trainer.readMoments() : [];
  const arrays = new Map([...trainer.readArrays(), ...moments]);
  const { padding, normalization, activation, loss } = o.config;
  const style = { padding, normalization, activation, loss };
  const facts = { scale: o.scale, iteration, width, height, channels, noiseAmplitude, ...style };
  return { kind, ...o.identity, ...facts, colours: arrays.get(PALETTE)?.shape[0] ?? 0, arrays };
}

/** With the images that show how the scale came out: they are also the proof that it did. */
function finishedEvent(
  o: TrainScaleOptions,
  { state, real }: { state: ScaleState; real: tf.Tensor4D },
): ScaleFinishedEvent {
  const { scale, noiseAmplitude, channels, width, height } = state;
  const noiseOf = (level: number, shape: NoiseShape) =>
    normalNoise(shape, { seed: o.config.seed, purpose: 'preview', scale, level });
  const images = [o.pyramid.reconstruct(), o.pyramid.sample({ noiseOf })] as const;
  const [reconstruction, sample] = [toImage(images[0]), toImage(images[1])];
  tf.dispose([...images]);
  const expected = toImage(real);
  requireLivingImage(reconstruction, { real: expected, what: 'reconstruction', scale });
  requireLivingImage(sample, { real: expected, what: 'sample', scale });
  const bytes = encodeScaleState(state);
  return { type: 'scale-finished', scale, noiseAmplitude, bytes, reconstruction, sample, channels, width, height };
}

function createTrainer(o: TrainScaleOptions, { level, real }: { level: PlanLevel; real: tf.Tensor4D }): ScaleTrainer {
  const { config, scale, pyramid: coarser, checkpoint } = o;
  const shared = { config, scale, level, real, coarser };
  if (checkpoint) {
    const resume = { ...checkpoint, moments: checkpoint.arrays };
    return new ScaleTrainer({ ...shared, arrays: checkpoint.arrays, resume });
  }
  if (o.variant) {
    const { trained, palette } = o.variant;
    // sigma stays what it was: how much detail the scale adds to an image that was not quantised.
    const resume = { iteration: 0, noiseAmplitude: trained.noiseAmplitude, moments: null };
    return new ScaleTrainer({ ...shared, arrays: new Map([...trained.arrays, [PALETTE, palette]]), resume });
  }
  const arrays = startArrays({ ...config, ...o, level });
  return new ScaleTrainer({ ...shared, arrays, resume: null });
}

/** x_n, always from the whole working image. The caller disposes. */
export function realOf({ image }: Pick<TrainScaleOptions, 'image'>, size: Size): tf.Tensor4D {
  return tf.tidy(() => resizeClamped(toTensor(image), size));
}

function levelOf({ plan, scale }: TrainScaleOptions): PlanLevel {
  const level = plan.levels[scale];
  if (!level) throw new AppError('internal', `expected a scale below ${plan.levels.length}, got ${scale}`);
  return level;
}
