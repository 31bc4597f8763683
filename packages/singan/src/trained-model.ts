import type { Size } from '@singan/domain';
import type * as tf from '@tensorflow/tfjs-core';
import type { NoiseShape } from './noise-shape.ts';

export interface ChainOptions {
  /** Noise of a scale in the shape that it needs. The model disposes it. */
  readonly noiseOf: (scale: number, shape: NoiseShape) => tf.Tensor4D;
  /** Sizes of all scales; the training sizes when absent. */
  readonly sizes?: readonly Size[];
  /** Scales below it are left out for `start`. 0 when absent. */
  readonly startScale?: number;
  /** What `startScale` goes on from: of `reconstructionStart` or `injectionStart`, and stays the caller's; the former when absent. */
  readonly start?: tf.Tensor4D;
  /** Output pixels that run through a net at once, where the model can be used in tiles. */
  readonly tileLimitPixels?: number | undefined;
}

/** A trained model, whichever scheme made it. What goes from scale to scale inside of it is its own affair. Owns its tensors until `dispose()`. */
export interface TrainedModel {
  readonly scaleCount: number;
  /** Size that a scale was trained at. */
  sizeOf(scale: number): Size;
  /**
   * A random image.
   * @returns image of the finest scale, [1, height, width, 3], not clamped; the caller disposes
   */
  sample(o: ChainOptions): tf.Tensor4D;
  /** What the reconstruction brings to a start scale, for `sample`. @param startScale from 1. The caller disposes. */
  reconstructionStart(startScale: number): tf.Tensor4D;
  /**
   * What a picture brings to a start scale, for `sample`: it is seen in the size of the scale before.
   * @param picture [1, height, width, 3] of any size, which stays the caller's
   * @param startScale from 1
   */
  injectionStart(picture: tf.Tensor4D, startScale: number): tf.Tensor4D;
  /**
   * The reconstruction x~^rec at the training sizes.
   * @returns [1, height, width, 3], not clamped; the caller disposes
   */
  reconstruct(): tf.Tensor4D;
  /** z^rec of a scale, in the shape that its noise has. The caller disposes. */
  reconstructionNoise(scale: number): tf.Tensor4D;
  dispose(): void;
}
