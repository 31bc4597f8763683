import { type Tensor, type Tensor4D, util } from '@tensorflow/tfjs-core';
import { convKernel } from './kernels/conv.ts';
import { convFilterGradKernel } from './kernels/conv-filter-grad.ts';
import { convInputGradKernel } from './kernels/conv-input-grad.ts';

export interface ConvOptions {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
}

/**
 * 3 x 3 convolution without padding: y[i, j, o] = sum over a, b, c of x[i+a, j+b, c] weight[a, b, c, o].
 * Differentiable any number of times: it and its two gradients are each other's gradients.
 * @returns [1, H-2, W-2, Cout], owned by the caller.
 */
export function conv({ x, weight }: ConvOptions): Tensor4D {
  assertConvShapes(x, weight);
  return convKernel.run({ x, weight }, {});
}

/** Throws unless x [1, H>=3, W>=3, Cin] and weight [3, 3, Cin, Cout] fit. */
export function assertConvShapes(x: Tensor4D, weight: Tensor4D): void {
  const fits =
    x.rank === 4 &&
    x.shape[0] === 1 &&
    x.shape[1] >= 3 &&
    x.shape[2] >= 3 &&
    weight.rank === 4 &&
    weight.shape[0] === 3 &&
    weight.shape[1] === 3 &&
    weight.shape[2] === x.shape[3];
  util.assert(
    fits,
    () =>
      `expected x [1, H, W, Cin] with H, W >= 3 and weight [3, 3, Cin, Cout], got x [${x.shape}] and weight [${weight.shape}]`,
  );
}

export function registerConvGradients(): void {
  convKernel.registerGradient({
    inputsToSave: ['x', 'weight'],
    gradient: (dy, [x, weight]) => convGradients(dy as Tensor4D, x as Tensor4D, weight as Tensor4D),
  });
  convInputGradKernel.registerGradient({
    inputsToSave: ['dConvolved', 'weight'],
    gradient: (u: Tensor, [dConvolved, weight]) => ({
      dConvolved: () => convKernel.run({ x: u as Tensor4D, weight: weight as Tensor4D }, {}),
      weight: () => convFilterGradKernel.run({ x: u as Tensor4D, dConvolved: dConvolved as Tensor4D }, {}),
    }),
  });
  convFilterGradKernel.registerGradient({
    inputsToSave: ['x', 'dConvolved'],
    gradient: (u: Tensor, [x, dConvolved]) => ({
      x: () => convInputGradKernel.run({ dConvolved: dConvolved as Tensor4D, weight: u as Tensor4D }, {}),
      dConvolved: () => convKernel.run({ x: x as Tensor4D, weight: u as Tensor4D }, {}),
    }),
  });
}

/** The two gradients of a convolution, each computed only where TF.js asks for it. */
export function convGradients(dConvolved: Tensor4D, x: Tensor4D, weight: Tensor4D) {
  return {
    x: () => convInputGradKernel.run({ dConvolved, weight }, {}),
    weight: () => convFilterGradKernel.run({ x, dConvolved }, {}),
  };
}
