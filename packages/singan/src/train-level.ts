import { setImmediate } from 'node:timers/promises';
import type { PlanLevel } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type * as tf from '@tensorflow/tfjs-core';
import { requireFiniteLosses, requireLivingImage } from './divergence.ts';
import { resizedTensor, takeImage, toImage } from './image-tensor.ts';
import type { LevelState, StateKind, TrainingIdentity } from './level-state.ts';
import type { LevelTrainer } from './level-trainer.ts';
import { normalNoise } from './noise.ts';
import type { NoiseShape } from './noise-shape.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';
import type { TrainedModel } from './trained-model.ts';
import type { ScaleFinishedEvent, TrainingEvent } from './training-event.ts';

export interface TrainLevelOptions extends Pick<TrainPyramidOptions, 'image' | 'config' | 'plan' | 'control'> {
  readonly identity: TrainingIdentity;
  /** The scale; with the concurrent scheme the stage. */
  readonly scale: number;
}

/** What a scheme makes of a level of the plan. */
export interface LevelScheme<Trainer extends LevelTrainer, State extends LevelState> {
  /** @param real x_n, [1, height, width, 3]; stays the caller's, alive as long as the trainer */
  createTrainer(level: PlanLevel, real: tf.Tensor4D): Trainer;
  stateOf(kind: StateKind, trainer: Trainer, level: PlanLevel): State;
  encode(state: State): Uint8Array;
  /** Gives `use` the model so far, whose finest scale is the one that is finished now. */
  withModel<T>(state: State, use: (model: TrainedModel) => T): T;
}

/**
 * Trains one level to its end, or until a stop is requested.
 * @returns the finished level; null when the training is to end here
 */
export async function* trainLevel<Trainer extends LevelTrainer, State extends LevelState>(
  o: TrainLevelOptions,
  scheme: LevelScheme<Trainer, State>,
): AsyncGenerator<TrainingEvent, State | null> {
  const level = levelOf(o);
  const real = resizedTensor(o.image, level);
  try {
    return yield* trainOn(real, level, { ...o, scheme });
  } finally {
    real.dispose();
  }
}

async function* trainOn<Trainer extends LevelTrainer, State extends LevelState>(
  real: tf.Tensor4D,
  level: PlanLevel,
  { scheme, ...o }: TrainLevelOptions & { readonly scheme: LevelScheme<Trainer, State> },
): AsyncGenerator<TrainingEvent, State | null> {
  const { scale, plan } = o;
  const trainer = scheme.createTrainer(level, real);
  try {
    const { iteration, noiseAmplitude } = trainer;
    yield { type: 'scale-started', scale, iteration, noiseAmplitude };
    const encodeCheckpoint = () => scheme.encode(scheme.stateOf('checkpoint', trainer, level));
    const isStopping = yield* runIterations(o, { trainer, iterations: level.iterations, encodeCheckpoint });
    const isFinished = trainer.iteration === level.iterations;
    const state = isFinished ? scheme.stateOf('scale', trainer, level) : null;
    if (state) yield finishedEvent(o, { scheme, state, real, noiseAmplitude });
    const isLast = isFinished && scale === plan.levels.length - 1;
    if (!isStopping || isLast) return state;
    yield { type: 'stopped', scale, iteration: trainer.iteration };
    return null;
  } finally {
    trainer.dispose();
  }
}

/** @returns whether a stop was requested */
async function* runIterations(
  { scale, control }: TrainLevelOptions,
  o: { trainer: LevelTrainer; iterations: number; encodeCheckpoint: () => Uint8Array },
): AsyncGenerator<TrainingEvent, boolean> {
  const { trainer, iterations } = o;
  while (trainer.iteration < iterations) {
    const losses = await trainer.runIteration();
    const { iteration } = trainer;
    requireFiniteLosses(losses, { scale, iteration });
    yield { type: 'iteration', scale, iteration, losses };
    const isStopping = control.isStopRequested();
    const isDue = control.isCheckpointDue() || isStopping;
    // After the last iteration the scale file says it all.
    if (isDue && iteration < iterations) yield { type: 'checkpoint', scale, iteration, bytes: o.encodeCheckpoint() };
    if (isStopping) return true;
    // A microtask would not let messages in.
    await setImmediate();
  }
  return false;
}

/** With the images that show how the level came out: they are also the proof that it did. */
function finishedEvent<State extends LevelState>(
  { scale, config: { seed } }: TrainLevelOptions,
  o: {
    scheme: Pick<LevelScheme<never, State>, 'encode' | 'withModel'>;
    state: State;
    real: tf.Tensor4D;
    noiseAmplitude: number;
  },
): ScaleFinishedEvent {
  const { scheme, state, noiseAmplitude } = o;
  const noiseOf = (level: number, shape: NoiseShape) => normalNoise(shape, { seed, purpose: 'preview', scale, level });
  const images = scheme.withModel(state, (model) => ({
    reconstruction: takeImage(model.reconstruct()),
    sample: takeImage(model.sample({ noiseOf })),
  }));
  const real = toImage(o.real);
  for (const [what, image] of Object.entries(images)) requireLivingImage(image, { real, what, scale });
  const { channels, width, height } = state;
  const bytes = scheme.encode(state);
  return { type: 'scale-finished', scale, noiseAmplitude, bytes, ...images, channels, width, height };
}

function levelOf({ plan, scale }: TrainLevelOptions): PlanLevel {
  const level = plan.levels[scale];
  if (!level) throw new AppError('internal', `expected a scale below ${plan.levels.length}, got ${scale}`);
  return level;
}
