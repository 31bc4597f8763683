import { add, div, maximum, minimum, mul, sub, type Tensor, tanh, tidy } from '@tensorflow/tfjs-core';
import type { eluKernel } from '../kernels/elu.ts';
import type { eluGradKernel } from '../kernels/elu-grad.ts';
import type { ComposedOf } from './composed-of.ts';

/**
 * t = tanh(x / 2) of the negative part of x: exp(x) = (1 + t) / (1 - t), without exp, which few engines have a fast kernel
 * for; and exp(x) - 1 = 2 t / (1 - t) without the cancellation near 0.
 */
function halfTanh(x: Tensor): Tensor {
  return tanh(mul(minimum(x, 0), 0.5));
}

export const composedElu: ComposedOf<typeof eluKernel> = ({ x }) =>
  tidy(() => {
    const t = halfTanh(x);
    return add(maximum(x, 0), div(mul(t, 2), sub(1, t)));
  });

export const composedEluGrad: ComposedOf<typeof eluGradKernel> = ({ dy, x }) =>
  tidy(() => {
    const t = halfTanh(x);
    return mul(dy, div(add(t, 1), sub(1, t)));
  });
