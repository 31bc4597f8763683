import { type Tensor, type Tensor1D, type Tensor4D, util, zerosLike } from '@tensorflow/tfjs-core';
import { assertConvShapes, convGradients } from './conv.ts';
import { convBlockKernel } from './kernels/conv-block.ts';
import { convBlockGradKernel } from './kernels/conv-block-grad.ts';
import { convBlockGradGradKernel } from './kernels/conv-block-grad-grad.ts';

export interface ConvBlockOptions {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  /** [3, 3, Cin, Cout] */
  readonly weight: Tensor4D;
  /** [Cout] */
  readonly gamma: Tensor1D;
  /** [Cout] */
  readonly beta: Tensor1D;
  /** LeakyReLU's factor for negative values, 0..1. */
  readonly slope: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

export interface ConvBlockResult {
  /** [1, H-2, W-2, Cout] */
  readonly y: Tensor4D;
  /** Mean of the convolution over all pixels, [Cout]; not differentiable. */
  readonly mean: Tensor1D;
  /** Biased variance of the convolution over all pixels, [Cout]; not differentiable. */
  readonly variance: Tensor1D;
}

/**
 * c = conv(x, weight); y = leakyRelu(gamma (c - mean(c)) / sqrt(var(c) + epsilon) + beta): convolution 3 x 3 without
 * padding, batch normalisation with the statistics of this image, activation. y is differentiable twice.
 * The caller owns the three tensors.
 */
export function convBlock({ x, weight, gamma, beta, slope, epsilon = 1e-5 }: ConvBlockOptions): ConvBlockResult {
  assertConvShapes(x, weight);
  assertSlope(slope);
  const channels = weight.shape[3];
  util.assert(
    gamma.size === channels && beta.size === channels,
    () => `expected gamma and beta of ${channels} values, got [${gamma.shape}] and [${beta.shape}]`,
  );
  const [y, mean, variance, residual] = convBlockKernel.run({ x, weight, gamma, beta }, { slope, epsilon });
  residual.dispose();
  return { y, mean, variance };
}

/** Throws unless the slope is in 0..1: outside, the sign of the output would not give the mask. */
export function assertSlope(slope: number): void {
  util.assert(slope >= 0 && slope <= 1, () => `expected a slope in 0..1, got ${slope}`);
}

export function registerConvBlockGradients(): void {
  convBlockKernel.registerGradient({
    inputsToSave: ['x', 'weight', 'gamma', 'beta'],
    outputsToSave: [true, true, true, true],
    gradient: ([dy], saved, attrs) => {
      const [x, weight, gamma, beta, y, mean, variance, residual] = saved as SavedBlock;
      const [dConvolved, dGamma, dBeta] = convBlockGradKernel.run(
        { dy: dy as Tensor4D, x, weight, gamma, beta, y, residual, mean, variance },
        attrs,
      );
      return { ...convGradients(dConvolved, x, weight), gamma: () => dGamma, beta: () => dBeta };
    },
  });
  convBlockGradKernel.registerGradient({
    inputsToSave: ['x', 'weight', 'gamma', 'beta', 'y', 'mean', 'variance', 'residual', 'dy'],
    gradient: ([r], saved, attrs) => {
      const [x, weight, gamma, beta, y, mean, variance, residual, dy] = saved as [...SavedBlock, Tensor4D];
      const [dDy, dConvolved, dGamma] = convBlockGradGradKernel.run(
        { r: r as Tensor4D, dy, y, residual, mean, variance, gamma },
        attrs,
      );
      return {
        ...convGradients(dConvolved, x, weight),
        dy: () => dDy,
        gamma: () => dGamma,
        beta: () => zerosLike(beta),
      };
    },
  });
}

type SavedBlock = [Tensor4D, Tensor4D, Tensor1D, Tensor1D, Tensor4D, Tensor1D, Tensor1D, Tensor];
