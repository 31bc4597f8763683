import { convActivation, convBlock } from '@singan/ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Net } from './net.ts';
import { BATCH_NORM_EPSILON, LEAKY_SLOPE } from './net-layout.ts';
import type { BatchStatistics } from './running-statistics.ts';

export interface TrainingForward {
  /** [1, height - 10, width - 10, out], before the generator's tanh. */
  readonly output: Tensor4D;
  /** Of each normalised block; for the running statistics. Not differentiated. */
  readonly statistics: readonly BatchStatistics[];
}

/**
 * The net with the statistics of this very batch: conv 3x3 valid -> batch norm -> LeakyReLU(0.2), four times, then conv with bias.
 * @param input [1, height, width, 3]
 */
export function forwardTraining(net: Net, input: Tensor4D): TrainingForward {
  const statistics: BatchStatistics[] = [];
  let x = input;
  for (const block of net.blocks) {
    const { y, mean, variance } = convBlock({ x, ...block, slope: LEAKY_SLOPE, epsilon: BATCH_NORM_EPSILON });
    const [, height, width] = y.shape;
    statistics.push({ mean, variance, pixels: height * width });
    x = y;
  }
  return { output: convActivation({ x, ...net.tail, slope: 1 }), statistics };
}
