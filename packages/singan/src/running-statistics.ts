import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, BATCH_NORM_MOMENTUM, BLOCK_STATISTICS, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';

/**
 * Running mean and variance of every normalised block of a net, in one vector [mean 1, variance 1, mean 2, ...]: an update
 * is a handful of calls instead of thirty, and a small scale is bound by the number of calls.
 */
export interface RunningStatistics {
  readonly role: NetRole;
  /** Channels of each block. */
  readonly channels: readonly number[];
  readonly packed: tf.Variable<tf.Rank.R1>;
}

/** Statistics of one forward pass of one block, with the pixels they were taken over. */
export interface BatchStatistics {
  /** [channels] */
  readonly mean: tf.Tensor1D;
  /** [channels], biased: divided by the number of pixels. */
  readonly variance: tf.Tensor1D;
  readonly pixels: number;
}

export function createRunningStatistics(role: NetRole, arrays: NamedArrays): RunningStatistics {
  const parts = statisticNames(role).map((name) => requireArray(arrays, name).data);
  const packed = tf.tidy(() => tf.variable(tf.tensor1d(parts.flatMap((data) => [...data]))));
  return { role, channels: parts.filter((_, index) => index % 2 === 0).map((data) => data.length), packed };
}

/**
 * running <- (1 - m) running + m batch, with m = 0.1 and the unbiased variance (times n / (n - 1)).
 * Feed each training forward once, in the order of the passes.
 */
export function feedRunningStatistics(running: RunningStatistics, blocks: readonly BatchStatistics[]): void {
  tf.tidy(() => {
    const batch = tf.concat1d(
      blocks.flatMap(({ mean, variance, pixels }) => [mean, tf.mul(variance, pixels / (pixels - 1)) as tf.Tensor1D]),
    );
    const kept = tf.mul(running.packed, 1 - BATCH_NORM_MOMENTUM);
    running.packed.assign(tf.add(kept, tf.mul(batch, BATCH_NORM_MOMENTUM)));
  });
}

/** Values by name, e.g. `generator.block1.runningMean`. */
export function readRunningStatistics(running: RunningStatistics): Map<string, NamedArray> {
  const values = running.packed.dataSync();
  let position = 0;
  const take = (length: number): NamedArray => {
    const data = Float32Array.from(values.subarray(position, position + length));
    position += length;
    return { shape: [length], data };
  };
  const lengths = running.channels.flatMap((length) => [length, length]);
  return new Map(statisticNames(running.role).map((name, index) => [name, take(lengths[index] ?? 0)]));
}

function statisticNames(role: NetRole): string[] {
  return Array.from({ length: NORMALISED_BLOCKS }, (_, index) =>
    BLOCK_STATISTICS.map((part) => arrayName(role, index + 1, part)),
  ).flat();
}
