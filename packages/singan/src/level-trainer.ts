import * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from './named-arrays.ts';
import type { IterationLosses } from './training-event.ts';

/** What trains one scale or stage, iteration by iteration. Owns its tensors until `dispose()`. */
export interface LevelTrainer {
  /** sigma */
  readonly noiseAmplitude: number;
  /** Iterations done. */
  readonly iteration: number;
  runIteration(): Promise<IterationLosses>;
  dispose(): void;
}

/** Where a trainer goes on. */
export interface ResumePoint {
  readonly iteration: number;
  readonly noiseAmplitude: number;
  /** Adam's state; null to begin with none. */
  readonly moments: NamedArrays | null;
}

/** In the order in which they are read from the backend. */
const LOSS_NAMES = [
  'discriminatorReal',
  'discriminatorFake',
  'gradientPenalty',
  'generatorAdversarial',
  'reconstruction',
] as const;

/** Runs the steps of an iteration, inside a tf.tidy. One read from the backend: the losses. */
export async function readLosses(runSteps: () => Record<keyof IterationLosses, tf.Scalar>): Promise<IterationLosses> {
  const packed = tf.tidy(() => {
    const losses = runSteps();
    return tf.stack(LOSS_NAMES.map((name) => losses[name]));
  });
  const values = await packed.data();
  packed.dispose();
  return Object.fromEntries(LOSS_NAMES.map((name, i) => [name, values[i]])) as unknown as IterationLosses;
}
