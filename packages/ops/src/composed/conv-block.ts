import {
  add,
  conv2d,
  leakyRelu,
  mean as meanOf,
  moments,
  mul,
  neg,
  rsqrt,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { convBlockKernel } from '../kernels/conv-block.ts';
import type { convBlockGradKernel } from '../kernels/conv-block-grad.ts';
import type { convBlockGradGradKernel } from '../kernels/conv-block-grad-grad.ts';
import type { ComposedOf } from './composed-of.ts';

const PIXELS = [0, 1, 2];

export const composedConvBlock: ComposedOf<typeof convBlockKernel> = ({ x, weight, gamma, beta }, { slope, epsilon }) =>
  tidy((): [Tensor4D, Tensor1D, Tensor1D, Tensor4D] => {
    const convolved = conv2d(x, weight, 1, 'valid');
    const { mean, variance } = moments(convolved, PIXELS);
    const centered = sub<Tensor4D>(convolved, mean);
    const normalized = mul(centered, rsqrt(add(variance, epsilon)));
    const y = leakyRelu(add<Tensor4D>(mul(normalized, gamma), beta), slope);
    return [y, mean as Tensor1D, variance as Tensor1D, centered];
  });

interface NormalizationInputs {
  readonly y: Tensor4D;
  readonly residual: Tensor;
  readonly variance: Tensor1D;
  readonly gamma: Tensor1D;
}

/** s, n, m and P of ConvBlockGrad's description. */
function normalizationOf(o: NormalizationInputs, slope: number, epsilon: number) {
  const s = rsqrt(add<Tensor1D>(o.variance, epsilon));
  const n = mul<Tensor4D>(o.residual, s);
  const mask = step(o.y, slope);
  const project = (t: Tensor): Tensor => sub(sub(t, meanOf(t, PIXELS)), mul(n, meanOf(mul(t, n), PIXELS)));
  return { s, n, mask, project };
}

export const composedConvBlockGrad: ComposedOf<typeof convBlockGradKernel> = (inputs, { slope, epsilon }) =>
  tidy((): [Tensor4D, Tensor1D, Tensor1D] => {
    const { s, n, mask, project } = normalizationOf(inputs, slope, epsilon);
    const dz = mul(mask, inputs.dy);
    const dConvolved = mul<Tensor4D>(mul(inputs.gamma, s), project(dz));
    return [dConvolved, sum<Tensor1D>(mul(dz, n), PIXELS), sum<Tensor1D>(dz, PIXELS)];
  });

export const composedConvBlockGradGrad: ComposedOf<typeof convBlockGradGradKernel> = (inputs, { slope, epsilon }) =>
  tidy((): [Tensor4D, Tensor4D, Tensor1D] => {
    const { r, dy, gamma } = inputs;
    const { s, n, mask, project } = normalizationOf(inputs, slope, epsilon);
    const scale = mul(gamma, s);
    const dz = mul(mask, dy);
    const projected = project(dz);
    const h = neg(mul(scale, add(mul(r, meanOf(mul(dz, n), PIXELS)), mul(dz, meanOf(mul(r, n), PIXELS)))));
    const varianceShare = mul(n, meanOf(mul(mul(r, scale), projected), PIXELS));
    return [
      mul<Tensor4D>(mask, mul(scale, project(r))),
      mul<Tensor4D>(s, sub(project(h), varianceShare)),
      sum<Tensor1D>(mul(mul(s, projected), r), PIXELS),
    ];
  });
