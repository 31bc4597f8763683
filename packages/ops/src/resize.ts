import { type Tensor4D, util } from '@tensorflow/tfjs-core';
import { resizeKernel } from './kernels/resize.ts';
import { resizeGradKernel } from './kernels/resize-grad.ts';

export interface ResizeSize {
  /** Pixels, >= 1. */
  readonly height: number;
  /** Pixels, >= 1. */
  readonly width: number;
}

/**
 * Bicubic resize (a = -0.5), antialiased when shrinking, edges mirrored: y = A x B' per channel with the weights of
 * `resizeWeights`. Values are not clamped: bicubic weights overshoot, so callers with images clamp. Linear, so
 * differentiable any number of times.
 * @param x [1, H, W, C]
 * @returns [1, height, width, C], owned by the caller.
 */
export function resize(x: Tensor4D, { height, width }: ResizeSize): Tensor4D {
  util.assert(x.rank === 4 && x.shape[0] === 1, () => `expected x [1, H, W, C], got [${x.shape}]`);
  util.assert(
    Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0,
    () => `expected a size of positive integers, got ${width} x ${height}`,
  );
  return resizeKernel.run({ x }, { height, width });
}

export function registerResizeGradients(): void {
  resizeKernel.registerGradient({
    inputsToSave: ['x'],
    gradient: (dy, [x]) => {
      const [, height, width] = (x as Tensor4D).shape;
      return { x: () => resizeGradKernel.run({ dy: dy as Tensor4D }, { height, width }) };
    },
  });
  resizeGradKernel.registerGradient({
    inputsToSave: ['dy'],
    gradient: (u, [dy]) => {
      const [, height, width] = (dy as Tensor4D).shape;
      return { dy: () => resizeKernel.run({ x: u as Tensor4D }, { height, width }) };
    },
  });
}
