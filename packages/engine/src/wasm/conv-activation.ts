import type {
  Compute,
  ConvActivationAttrs,
  ConvActivationGradGradInputs,
  ConvActivationGradInputs,
  ConvActivationGradOutputs,
  ConvActivationInputs,
} from '@singan/ops';
import type { KernelBackend, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, release, runStock, valuesOf } from './heap.ts';
import { leakyRelu, mask, multiply, pixelMean, replace } from './passes.ts';

export const wasmConvActivation: Compute<ConvActivationInputs, ConvActivationAttrs, Tensor4D> = (
  { x, weight, bias },
  { slope },
  backend,
) => {
  const attrs = { strides: 1, pad: 'valid', dilations: 1, dataFormat: 'NHWC', activation: 'linear' };
  const z = runStock(backend, 'FusedConv2D', { x, filter: weight, bias }, attrs);
  return slope === 1 ? z : replace(backend, z, leakyRelu(backend, z, slope));
};

export const wasmConvActivationGrad: Compute<
  ConvActivationGradInputs,
  ConvActivationAttrs,
  ConvActivationGradOutputs
> = ({ dy, y }, { slope }, backend) => {
  const dConvolved = masked(backend, dy, y, slope);
  const dBias = allocate(backend, y.shape.slice(3));
  const pixels = y.shape[1] * y.shape[2];
  const means = pixelMean(backend, dConvolved);
  valuesOf(backend, dBias).set(means.map((value) => value * pixels));
  return [dConvolved, dBias];
};

export const wasmConvActivationGradGrad: Compute<ConvActivationGradGradInputs, ConvActivationAttrs, Tensor4D> = (
  { r, y },
  { slope },
  backend,
) => masked(backend, r, y, slope);

/** t times LeakyReLU's derivative at y; for slope 1 the same data. */
function masked(backend: KernelBackend, t: TensorInfo, y: TensorInfo, slope: number): TensorInfo {
  if (slope === 1) return runStock(backend, 'Identity', { x: t }, {});
  const derivative = mask(backend, y, slope);
  const product = multiply(backend, derivative, t);
  release(backend, derivative);
  return product;
}
