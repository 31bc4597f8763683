import type { TrainingConfig } from '@singan/contracts';
import type * as tf from '@tensorflow/tfjs-core';
import type { GeneratorInput } from '../generator.ts';
import type { NamedArrays } from '../named-arrays.ts';
import type { IterationLosses } from '../training-event.ts';

export interface TrainingNetsOptions {
  readonly config: TrainingConfig;
  readonly scale: number;
  /** x_n, [1, height, width, 3]; stays the caller's, alive as long as the nets. */
  readonly real: tf.Tensor4D;
  readonly arrays: NamedArrays;
  /** Adam's state; null to begin with none. */
  readonly moments: NamedArrays | null;
}

export interface IterationOptions {
  /** Iterations done before. */
  readonly iteration: number;
  readonly learningRate: number;
  /** Input with a new prev and the z_n of this iteration. */
  readonly drawInput: (step: number) => GeneratorInput;
  /** z_n^rec and the reconstruction of the coarser scales. */
  readonly reconstructionInput: GeneratorInput;
  /** Uniform in [0, 1). */
  readonly draw: (purpose: 'penalty' | 'patches', step: number) => number;
}

/** The nets of a scale in training, and the steps that its loss makes of an iteration. Owns their tensors until `dispose()`. */
export interface TrainingNets {
  /** @returns the losses of the last step of each kind, before it; the tf.tidy around disposes them */
  runIteration(o: IterationOptions): Record<keyof IterationLosses, tf.Scalar>;
  /** Weights and running statistics. */
  readArrays(): NamedArrays;
  /** Adam's state. */
  readMoments(): NamedArrays;
  dispose(): void;
}
