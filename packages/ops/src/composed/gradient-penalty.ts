import {
  div,
  maximum,
  mean,
  mul,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { gradientPenaltyKernel } from '../kernels/gradient-penalty.ts';
import type { gradientPenaltyGradKernel } from '../kernels/gradient-penalty-grad.ts';
import type { ComposedOf } from './composed-of.ts';

/** Smallest normal float32: a pixel whose gradient is 0 is divided by it and stays 0. */
const SMALLEST_NORM = 2 ** -126;

const normOf = (gradient: Tensor4D) => sqrt(sum(square(gradient), 3, true));

export const composedGradientPenalty: ComposedOf<typeof gradientPenaltyKernel> = ({ gradient }) =>
  tidy(() => mean<Scalar>(square(sub(normOf(gradient), 1))));

export const composedGradientPenaltyGrad: ComposedOf<typeof gradientPenaltyGradKernel> = ({ dy, gradient }) =>
  tidy(() => {
    const [, height, width] = gradient.shape;
    const norm = normOf(gradient);
    const direction = div(gradient, maximum(norm, SMALLEST_NORM));
    return mul<Tensor4D>(mul(sub(norm, 1), mul(dy, 2 / (height * width))), direction);
  });
