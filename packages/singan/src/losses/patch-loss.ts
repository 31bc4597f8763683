import type * as tf from '@tensorflow/tfjs-core';

/** A distance between the 11 x 11 patches of a sample and those of the picture, in the size of one scale. Owns tensors until `dispose()`. */
export interface PatchLoss {
  /**
   * @param fake x~_n, [1, height, width, 3]
   * @param draw uniform in [0, 1): which part of the patches this step looks at, where all would be too many
   * @returns >= 0, in squares of pixel values; differentiable once. The caller disposes, or the tf.tidy around.
   */
  distance(fake: tf.Tensor4D, draw: number): tf.Scalar;
  dispose(): void;
}

export interface PatchLossOptions {
  /** x_n, [1, height, width, 3]; stays the caller's. */
  readonly real: tf.Tensor4D;
  readonly scale: number;
  /** Of the training. */
  readonly seed: number;
}
