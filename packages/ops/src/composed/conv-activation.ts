import { add, conv2d, leakyRelu, mul, step, sum, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { convActivationKernel } from '../kernels/conv-activation.ts';
import type { convActivationGradKernel } from '../kernels/conv-activation-grad.ts';
import type { convActivationGradGradKernel } from '../kernels/conv-activation-grad-grad.ts';
import type { ComposedOf } from './composed-of.ts';

export const composedConvActivation: ComposedOf<typeof convActivationKernel> = ({ x, weight, bias }, { slope }) =>
  tidy(() => leakyRelu(add<Tensor4D>(conv2d(x, weight, 1, 'valid'), bias), slope));

export const composedConvActivationGrad: ComposedOf<typeof convActivationGradKernel> = ({ dy, y }, { slope }) =>
  tidy((): [Tensor4D, Tensor1D] => {
    const dConvolved = mul<Tensor4D>(step(y, slope), dy);
    return [dConvolved, sum<Tensor1D>(dConvolved, [0, 1, 2])];
  });

export const composedConvActivationGradGrad: ComposedOf<typeof convActivationGradGradKernel> = ({ r, y }, { slope }) =>
  tidy(() => mul<Tensor4D>(step(y, slope), r));
