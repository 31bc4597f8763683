import * as tf from '@tensorflow/tfjs-core';

/**
 * sigma_n = factor sqrt(MSE(x_n, upsampled x~^rec of scale n-1)): how much detail the scale has to add. Read back once per scale.
 * @param real x_n, [1, height, width, 3]
 * @param upsampled of the same shape
 */
export function noiseAmplitudeOf(real: tf.Tensor4D, upsampled: tf.Tensor4D, factor: number): number {
  const error = tf.tidy(() => tf.mean(tf.squaredDifference(real, upsampled)));
  const [meanSquare = Number.NaN] = error.dataSync();
  error.dispose();
  return factor * Math.sqrt(meanSquare);
}
