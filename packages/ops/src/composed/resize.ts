import { matMul, reshape, type Tensor4D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { resizeKernel } from '../kernels/resize.ts';
import type { resizeGradKernel } from '../kernels/resize-grad.ts';
import { resizeWeights } from '../resize-weights.ts';
import type { ComposedOf } from './composed-of.ts';

export const composedResize: ComposedOf<typeof resizeKernel> = ({ x }, { height, width }) => {
  const [, inputHeight, inputWidth] = x.shape;
  return tidy(() => product(x, axisWeights(inputHeight, height), axisWeights(inputWidth, width), false));
};

export const composedResizeGrad: ComposedOf<typeof resizeGradKernel> = ({ dy }, { height, width }) => {
  const [, outputHeight, outputWidth] = dy.shape;
  return tidy(() => product(dy, axisWeights(height, outputHeight), axisWeights(width, outputWidth), true));
};

function axisWeights(input: number, output: number) {
  return tensor2d(resizeWeights(input, output).matrix, [output, input]);
}

/** rows x columns' per channel, or its transpose rows' x columns. */
function product(
  x: Tensor4D,
  rows: ReturnType<typeof axisWeights>,
  columns: ReturnType<typeof axisWeights>,
  isTransposed: boolean,
): Tensor4D {
  const [, height, width, channels] = x.shape;
  const outputHeight = isTransposed ? rows.shape[1] : rows.shape[0];
  const outputWidth = isTransposed ? columns.shape[1] : columns.shape[0];
  const vertical = matMul(rows, reshape(x, [height, width * channels]), isTransposed);
  const lines = reshape(vertical, [outputHeight, width, channels]);
  const both = matMul(reshape(columns, [1, ...columns.shape]), lines, isTransposed);
  return reshape(both, [1, outputHeight, outputWidth, channels]);
}
