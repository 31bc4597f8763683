import type { Padding } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { forwardTraining, type TrainingForward } from './forward-training.ts';
import type { Net } from './net.ts';
import { padInput } from './pad-input.ts';

/** What a generator is given. */
export interface GeneratorInput {
  /** sigma z + prev, padded by 5 px on each side: [1, height + 10, width + 10, 3]. */
  readonly padded: tf.Tensor4D;
  /** prev, the upsampled image of the coarser scales; zeros at scale 0: [1, height, width, 3]. */
  readonly previous: tf.Tensor4D;
}

export interface InputOptions {
  /**
   * z, [1, height, width, 3], or one channel that serves all three (scale 0); with noise padding 10 px larger on both axes,
   * see `noiseShape`.
   */
  readonly noise: tf.Tensor4D;
  readonly noiseAmplitude: number;
  readonly previous: tf.Tensor4D;
  /** Zero when absent. */
  readonly padding?: Padding;
}

/**
 * Input of a generator: sigma z + prev, padded as `padInput` says, or with noise where z reaches beyond the image. The caller
 * disposes `padded`; `previous` stays its own.
 */
export function composeInput({ noise, noiseAmplitude, previous, padding = 'zero' }: InputOptions): GeneratorInput {
  const padded = tf.tidy(() => {
    const scaled = tf.mul(noise, noiseAmplitude);
    const isAround = padding === 'noise';
    return isAround ? tf.add(scaled, padInput(previous, padding)) : padInput(tf.add(scaled, previous), padding);
  });
  return { padded: padded as tf.Tensor4D, previous };
}

/** Input of the reconstruction at the scales above the coarsest, whose noise is zero. */
export function composeNoiselessInput(previous: tf.Tensor4D, padding: Padding = 'zero'): GeneratorInput {
  return { padded: padInput(previous, padding), previous };
}

/** x~ = tanh(net(sigma z + prev)) + prev, with batch statistics. */
export function generateTraining(generator: Net, input: GeneratorInput): TrainingForward {
  const { output, statistics } = forwardTraining(generator, input.padded);
  return { output: addPrevious(output, input.previous), statistics };
}

/** The residual of every generator: x~ = tanh(net output) + prev. */
export function addPrevious(output: tf.Tensor4D, previous: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.add(tf.tanh(output), previous));
}
