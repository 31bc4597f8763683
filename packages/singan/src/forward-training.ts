import { convActivation, convBlock, convNet, elu } from '@singan/ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { NormalisedLayer } from './conv-layer.ts';
import type { Net } from './net.ts';
import { BATCH_NORM_EPSILON } from './net-layout.ts';
import { slopeOf } from './net-style.ts';
import { type BatchStatistics, blockStatistics } from './running-statistics.ts';

export interface TrainingForward {
  /** [1, height - 10, width - 10, out], before the generator's tanh. */
  readonly output: Tensor4D;
  /** Of each block with batch norm; for the running statistics. Not differentiated. */
  readonly statistics: readonly BatchStatistics[];
}

/**
 * The net with the statistics of this very batch: conv 3x3 valid -> normalisation -> activation, four times, then conv with bias.
 * @param input [1, height, width, 3]
 */
export function forwardTraining(net: Net, input: Tensor4D): TrainingForward {
  const { style } = net;
  const slope = slopeOf(style);
  if (style.normalization !== 'none' && style.activation !== 'elu') {
    const blocks = net.blocks as readonly NormalisedLayer[];
    const { y, statistics } = convNet({ x: input, blocks, tail: net.tail, slope, epsilon: BATCH_NORM_EPSILON });
    if (style.normalization === 'batch') return { output: y, statistics: [statistics] };
    statistics.dispose();
    return { output: y, statistics: [] };
  }
  const statistics: BatchStatistics[] = [];
  let x = input;
  for (const block of net.blocks) {
    if ('bias' in block) {
      x = convActivation({ x, ...block, slope });
    } else {
      const { y, mean, variance } = convBlock({ x, ...block, slope, epsilon: BATCH_NORM_EPSILON });
      const [, height, width] = y.shape;
      if (style.normalization === 'batch') statistics.push(blockStatistics({ mean, variance, pixels: height * width }));
      x = y;
    }
    if (style.activation === 'elu') x = elu(x);
  }
  return { output: convActivation({ x, ...net.tail, slope: 1 }), statistics };
}
