import { type Scalar, type Tensor4D, util } from '@tensorflow/tfjs-core';
import { gradientPenaltyKernel } from './kernels/gradient-penalty.ts';
import { gradientPenaltyGradKernel } from './kernels/gradient-penalty-grad.ts';

/**
 * mean over pixels of (|g| - 1)^2, |g| the norm over the channels of a pixel. Where |g| = 0 its derivative is taken as 0.
 * Differentiable once.
 * @param gradient g [1, H, W, C]
 * @returns a scalar, owned by the caller.
 */
export function gradientPenalty(gradient: Tensor4D): Scalar {
  util.assert(gradient.rank === 4, () => `expected a gradient [1, H, W, C], got [${gradient.shape}]`);
  return gradientPenaltyKernel.run({ gradient }, {});
}

export function registerGradientPenaltyGradient(): void {
  gradientPenaltyKernel.registerGradient({
    inputsToSave: ['gradient'],
    gradient: (dy, [gradient]) => ({
      gradient: () => gradientPenaltyGradKernel.run({ dy: dy as Scalar, gradient: gradient as Tensor4D }, {}),
    }),
  });
}
