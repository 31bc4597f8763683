import { setImmediate } from 'node:timers/promises';
import type { PlanLevel } from '@singan/contracts';
import { AppError } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { requireFiniteLosses, requireLivingImage } from '../divergence.ts';
import { resizeClamped, takeImage, toImage, toTensor } from '../image-tensor.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { normalNoise } from '../noise.ts';
import type { TrainingIdentity } from '../read-training-file.ts';
import { RECONSTRUCTION_NOISE, type ScaleStateKind } from '../scale-state.ts';
import type { TrainPyramidOptions } from '../train-pyramid-options.ts';
import { realOf } from '../train-scale.ts';
import type { ScaleFinishedEvent, TrainingEvent } from '../training-event.ts';
import { ConcurrentModel } from './concurrent-model.ts';
import { concurrentSettings } from './concurrent-settings.ts';
import { encodeStageState, type StageState } from './stage-state.ts';
import { StageTrainer } from './stage-trainer.ts';
import { stageStartArrays } from './start-arrays.ts';

export interface TrainStageOptions extends Pick<TrainPyramidOptions, 'image' | 'config' | 'plan' | 'control'> {
  readonly identity: TrainingIdentity;
  readonly stage: number;
  /** The finished stage before this one. */
  readonly before: StageState | null;
  readonly checkpoint: StageState | null;
}

/**
 * Trains one stage to its end, or until a stop is requested.
 * @returns the finished stage; null when the training is to end here
 */
export async function* trainStage(o: TrainStageOptions): AsyncGenerator<TrainingEvent, StageState | null> {
  const { stage: scale } = o;
  const level = levelOf(o);
  const real = realOf(o, level);
  const trainer = createTrainer(o, real);
  try {
    const { iteration, noiseAmplitudes } = trainer;
    yield { type: 'scale-started', scale, iteration, noiseAmplitude: noiseAmplitudes.at(-1) as number };
    const isStopping = yield* runIterations(o, trainer);
    const isFinished = trainer.iteration === level.iterations;
    const state = isFinished ? stateOf('scale', o, trainer) : null;
    if (state) yield finishedEvent(o, { state, real });
    const isLast = isFinished && scale === o.plan.levels.length - 1;
    if (!isStopping || isLast) return state;
    yield { type: 'stopped', scale, iteration: trainer.iteration };
    return null;
  } finally {
    trainer.dispose();
    real.dispose();
  }
}

/** @returns whether a stop was requested */
async function* runIterations(o: TrainStageOptions, trainer: StageTrainer): AsyncGenerator<TrainingEvent, boolean> {
  const { stage: scale, control } = o;
  const { iterations } = levelOf(o);
  while (trainer.iteration < iterations) {
    const losses = await trainer.runIteration();
    const { iteration } = trainer;
    requireFiniteLosses(losses, { scale, iteration });
    yield { type: 'iteration', scale, iteration, losses };
    const isStopping = control.isStopRequested();
    const isDue = control.isCheckpointDue() || isStopping;
    // After the last iteration the stage file says it all.
    if (isDue && iteration < iterations) {
      yield { type: 'checkpoint', scale, iteration, bytes: encodeStageState(stateOf('checkpoint', o, trainer)) };
    }
    if (isStopping) return true;
    // A microtask would not let messages in.
    await setImmediate();
  }
  return false;
}

function stateOf(kind: ScaleStateKind, o: TrainStageOptions, trainer: StageTrainer): StageState {
  const { width, height, channels } = levelOf(o);
  const { iteration, noiseAmplitudes } = trainer;
  const { normalization, concurrentStages } = concurrentSettings(o.config);
  const moments = kind === 'checkpoint' ? trainer.readMoments() : [];
  const facts = { stage: o.stage, iteration, width, height, channels, normalization, concurrentStages };
  const arrays = new Map([...trainer.readArrays(), ...moments]);
  return { kind, ...o.identity, ...facts, noiseAmplitudes, arrays };
}

/** With the images that show how the stage came out: they are also the proof that it did. */
function finishedEvent(
  { config, plan, stage: scale }: TrainStageOptions,
  { state, real }: { state: StageState; real: tf.Tensor4D },
): ScaleFinishedEvent {
  const { channels, width, height } = state;
  const { seed } = config;
  const model = new ConcurrentModel({ state, seed, sizes: plan.levels.slice(0, scale + 1) });
  const reconstruction = takeImage(model.reconstruct());
  const sample = takeImage(
    model.sample({ noiseOf: (level, shape) => normalNoise(shape, { seed, purpose: 'preview', scale, level }) }),
  );
  model.dispose();
  const expected = toImage(real);
  requireLivingImage(reconstruction, { real: expected, what: 'reconstruction', scale });
  requireLivingImage(sample, { real: expected, what: 'sample', scale });
  const bytes = encodeStageState(state);
  const noiseAmplitude = state.noiseAmplitudes.at(-1) as number;
  return { type: 'scale-finished', scale, noiseAmplitude, bytes, reconstruction, sample, channels, width, height };
}

function createTrainer(o: TrainStageOptions, real: tf.Tensor4D): StageTrainer {
  const { config, plan, stage, checkpoint, before } = o;
  const noiseAmplitudes = before?.noiseAmplitudes ?? [];
  const shared = { config, plan, stage, real, noiseAmplitudes };
  if (checkpoint) {
    const { arrays, iteration } = checkpoint;
    const noiseAmplitude = checkpoint.noiseAmplitudes.at(-1) as number;
    return new StageTrainer({ ...shared, arrays, resume: { iteration, noiseAmplitude, moments: arrays } });
  }
  const { seed } = config;
  const { channels } = levelOf(o);
  const start = stageStartArrays({ seed, channels, before, normalization: concurrentSettings(config).normalization });
  return new StageTrainer({ ...shared, arrays: withPicture(o, start), resume: null });
}

/** At stage 0 with the picture in its size, which is the noise of the reconstruction from there on. */
function withPicture({ stage, image, plan }: TrainStageOptions, arrays: NamedArrays): NamedArrays {
  const coarsest = plan.levels[0];
  if (stage > 0 || !coarsest) return arrays;
  const { width, height, data } = takeImage(tf.tidy(() => resizeClamped(toTensor(image), coarsest)));
  return new Map([...arrays, [RECONSTRUCTION_NOISE, { shape: [1, height, width, 3], data }]]);
}

function levelOf({ plan, stage }: Pick<TrainStageOptions, 'plan' | 'stage'>): PlanLevel {
  const level = plan.levels[stage];
  if (!level) throw new AppError('internal', `expected a stage below ${plan.levels.length}, got ${stage}`);
  return level;
}
