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

/**
 * Of one forward pass: mean and unbiased variance of a block, or of several behind each other, [2 channels blocks].
 * Outlives the scope of the pass; `feedRunningStatistics` disposes it.
 */
export type BatchStatistics = tf.Tensor1D;

/** Those of one block. */
export function blockStatistics(block: {
  /** [channels] */
  readonly mean: tf.Tensor1D;
  /** [channels], biased: divided by the number of pixels. */
  readonly variance: tf.Tensor1D;
  readonly pixels: number;
}): BatchStatistics {
  const { mean, variance, pixels } = block;
  return tf.keep(tf.tidy(() => tf.concat1d([mean, tf.mul<tf.Tensor1D>(variance, pixels / (pixels - 1))])));
}

export function createRunningStatistics(role: NetRole, arrays: NamedArrays): RunningStatistics {
  const parts = statisticNames(role).map((name) => requireArray(arrays, name).data);
  const packed = tf.tidy(() => tf.variable(tf.tensor1d(parts.flatMap((data) => [...data]))));
  return { role, channels: parts.filter((_, index) => index % 2 === 0).map((data) => data.length), packed };
}

/**
 * running <- (1 - m) running + m batch, with m = 0.1 and the unbiased variance. Feed each training forward once, in the order of the
 * passes. A net without batch norm has nothing to feed.
 * @param batch of all blocks in their order; disposed
 */
export function feedRunningStatistics(running: RunningStatistics | null, batch: readonly BatchStatistics[]): void {
  if (running !== null) {
    tf.tidy(() => {
      const kept = tf.mul(running.packed, 1 - BATCH_NORM_MOMENTUM);
      const values = batch.length === 1 ? (batch[0] as BatchStatistics) : tf.concat1d([...batch]);
      running.packed.assign(tf.add(kept, tf.mul(values, BATCH_NORM_MOMENTUM)));
    });
  }
  tf.dispose([...batch]);
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
