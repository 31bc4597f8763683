import { type Tensor1D, type Tensor4D, util } from '@tensorflow/tfjs-core';
import { assertConvShapes, convGradients } from './conv.ts';
import { assertSlope } from './conv-block.ts';
import { convActivationKernel } from './kernels/conv-activation.ts';
import { convActivationGradKernel } from './kernels/conv-activation-grad.ts';
import { convActivationGradGradKernel } from './kernels/conv-activation-grad-grad.ts';

export interface ConvActivationOptions {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
  /** [Cout] */
  readonly bias: Tensor1D;
  /** LeakyReLU's factor for negative values, 0..1: 1 is linear, 0 is ReLU. */
  readonly slope: number;
}

/**
 * y = leakyRelu(conv(x, weight) + bias): convolution 3 x 3 without padding, activation; differentiable twice.
 * Also a convBlock with running statistics, folded by the caller into weight and bias.
 * @returns [1, H-2, W-2, Cout], owned by the caller.
 */
export function convActivation({ x, weight, bias, slope }: ConvActivationOptions): Tensor4D {
  assertConvShapes(x, weight);
  assertSlope(slope);
  util.assert(bias.size === weight.shape[3], () => `expected a bias of ${weight.shape[3]} values, got [${bias.shape}]`);
  return convActivationKernel.run({ x, weight, bias }, { slope });
}

export function registerConvActivationGradients(): void {
  convActivationKernel.registerGradient({
    inputsToSave: ['x', 'weight'],
    outputsToSave: [true],
    gradient: (dy, [x, weight, y], attrs) => {
      const [dConvolved, dBias] = convActivationGradKernel.run({ dy: dy as Tensor4D, y: y as Tensor4D }, attrs);
      return { ...convGradients(dConvolved, x as Tensor4D, weight as Tensor4D), bias: () => dBias };
    },
  });
  convActivationGradKernel.registerGradient({
    inputsToSave: ['y'],
    gradient: ([r], [y], attrs) => ({
      dy: () => convActivationGradGradKernel.run({ r: r as Tensor4D, y: y as Tensor4D }, attrs),
    }),
  });
}
