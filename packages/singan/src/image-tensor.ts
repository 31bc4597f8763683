import { AppError, type RgbImage, type Size } from '@singan/domain';
import { resize } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { IMAGE_CHANNELS } from './net-layout.ts';

/** An image on the backend, [1, height, width, 3]. The caller disposes. */
export function toTensor({ width, height, data }: RgbImage): tf.Tensor4D {
  return tf.tensor4d(data, [1, height, width, IMAGE_CHANNELS]);
}

/** Reads an image back, clamped to [-1, 1]: a generator adds to its input and may overshoot. */
export function toImage(tensor: tf.Tensor4D): RgbImage {
  const [, height, width] = tensor.shape;
  const data = Float32Array.from(tensor.dataSync(), (value) => Math.min(1, Math.max(-1, value)));
  return { width, height, data };
}

/** `toImage` of a tensor that is needed no more: disposes it. */
export function takeImage(tensor: tf.Tensor4D): RgbImage {
  const image = toImage(tensor);
  tensor.dispose();
  return image;
}

/** The resize of the method: bicubic, input and output clamped to [-1, 1]. The caller disposes. */
export function resizeClamped(x: tf.Tensor4D, size: Size): tf.Tensor4D {
  return tf.tidy(() => tf.clipByValue(resize(tf.clipByValue(x, -1, 1), size), -1, 1));
}

/** An image on the backend in another size, clamped to [-1, 1]: x_n of the whole working image. The caller disposes. */
export function resizedTensor(image: RgbImage, size: Size): tf.Tensor4D {
  return tf.tidy(() => resizeClamped(toTensor(image), size));
}

/**
 * The resize of the method on an image: bicubic (a = -0.5), antialiased when shrinking, edges mirrored, clamped to [-1, 1].
 * @throws AppError `internal` when the data do not fit the size of the image
 */
export function resizeImage(image: RgbImage, size: Size): RgbImage {
  requireWholeImage(image);
  return takeImage(resizedTensor(image, size));
}

/** @throws AppError `internal` when the data do not fit the size */
export function requireWholeImage({ width, height, data }: RgbImage): void {
  const expected = width * height * IMAGE_CHANNELS;
  if (data.length === expected) return;
  throw new AppError('internal', `expected ${expected} values for an image of ${width}x${height}, got ${data.length}`);
}
