import { conv2d, conv2dTranspose, matMul, reshape, slice, stack, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { convKernel } from '../kernels/conv.ts';
import type { convFilterGradKernel } from '../kernels/conv-filter-grad.ts';
import type { convInputGradKernel } from '../kernels/conv-input-grad.ts';
import type { ComposedOf } from './composed-of.ts';

export const composedConv: ComposedOf<typeof convKernel> = ({ x, weight }) => tidy(() => conv2d(x, weight, 1, 'valid'));

export const composedConvInputGrad: ComposedOf<typeof convInputGradKernel> = ({ dConvolved, weight }) =>
  tidy(() => {
    const [, height, width] = dConvolved.shape;
    return conv2dTranspose(dConvolved, weight, [1, height + 2, width + 2, weight.shape[2]], 1, 'valid');
  });

/** One product of a shifted input with dConvolved per tap: wasm has no kernel for a filter's gradient. */
export const composedConvFilterGrad: ComposedOf<typeof convFilterGradKernel> = ({ x, dConvolved }) =>
  tidy(() => {
    const [, height, width, channelsOut] = dConvolved.shape;
    const channelsIn = x.shape[3];
    const columns = reshape(dConvolved, [height * width, channelsOut]);
    const taps: Tensor2D[] = [];
    for (let tap = 0; tap < 9; tap++) {
      const shifted = slice(x, [0, Math.floor(tap / 3), tap % 3, 0], [1, height, width, channelsIn]);
      taps.push(matMul(reshape(shifted, [height * width, channelsIn]), columns, true));
    }
    return reshape(stack(taps), [3, 3, channelsIn, channelsOut]);
  });
