import * as tf from '@tensorflow/tfjs-core';

/**
 * Every second row and column of x [1, H, W, C], from the first.
 * By padding, reshaping and one slice, which every engine has fast kernels for; strided slices and pooling are not among those.
 * @returns [1, ceil(H / 2), ceil(W / 2), C]; the caller disposes
 */
export function everySecond(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const [, height, width, channels] = x.shape;
    const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    const even = tf.pad(x, [
      [0, 0],
      [0, 2 * rows - height],
      [0, 2 * columns - width],
      [0, 0],
    ]);
    const pairs = tf.reshape(even, [rows, 2, columns, 2 * channels]);
    return tf.reshape(tf.slice(pairs, [0, 0, 0, 0], [rows, 1, columns, channels]), [1, rows, columns, channels]);
  });
}

/**
 * Maximum over windows of 3 x 3 px, two apart, within x [1, H, W, C].
 * @returns [1, floor((H - 3) / 2) + 1, floor((W - 3) / 2) + 1, C]; the caller disposes
 */
export function maxPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => everySecond(maximumOfThree(maximumOfThree(x, 1), 2)));
}

/** Maximum of three neighbours along an axis, two fewer of them. */
function maximumOfThree(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const size = [...x.shape] as [number, number, number, number];
  size[axis] -= 2;
  const shifted = [0, 1, 2].map((shift) => tf.slice(x, axis === 1 ? [0, shift, 0, 0] : [0, 0, shift, 0], size));
  return shifted.reduce((largest, one) => tf.maximum(largest, one));
}
