import * as tf from '@tensorflow/tfjs-core';
import { type Matrix, product, scaled, squareRoots, traceOf } from './square-roots.ts';

/**
 * Tr (R S R)^(1/2) of a covariance S; with R = S_r^(1/2) that is the trace of (S_r S)^(1/2), of a symmetric matrix. Its gradient
 * R (R S R)^(-1/2) R / 2 comes out of the same iteration. In host memory: S is small, and the iteration is long and wants double
 * precision. Differentiable once.
 * @param s [k, k], symmetric positive definite
 */
export function rootTrace(s: tf.Tensor2D, r: Matrix): tf.Scalar {
  const compute = tf.customGrad((x, save) => {
    const { root, inverse } = squareRoots(product(product(r, matrixOf(x as tf.Tensor2D)), r));
    const gradient = scaled(product(product(r, inverse), r), 0.5);
    (save as tf.GradSaveFunc)([tf.tensor2d(Float32Array.from(gradient.values), [r.size, r.size])]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, saved as tf.Tensor);
    return { value: tf.scalar(traceOf(root)), gradFunc };
  });
  return compute(s) as tf.Scalar;
}

export function matrixOf(a: tf.Tensor2D): Matrix {
  return { size: a.shape[0], values: Float64Array.from(a.dataSync()) };
}
