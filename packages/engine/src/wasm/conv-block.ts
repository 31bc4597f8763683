import type { Compute, ConvBlockAttrs, ConvBlockInputs, ConvBlockOutputs } from '@singan/ops';
import { convolve } from './conv.ts';
import { allocate, release, valuesOf, viewAs } from './heap.ts';
import { pixelMean, pixelMeanOfProduct, scaleShift } from './passes.ts';

/** The residual is the convolution minus its mean, from which the variance comes without cancellation; it leaves as a handle of one element. */
export const wasmConvBlock: Compute<ConvBlockInputs, ConvBlockAttrs, ConvBlockOutputs> = (inputs, attrs, backend) => {
  const { x, weight, gamma, beta } = inputs;
  const convolved = convolve(backend, x, weight, 'valid');
  const means = pixelMean(backend, convolved);
  const ones = new Float64Array(means.length).fill(1);
  const residual = scaleShift(backend, convolved, { scale: ones, shift: means.map((value) => -value) });
  release(backend, convolved);
  const variances = pixelMeanOfProduct(backend, residual, residual);
  const gammas = valuesOf(backend, gamma);
  const scale = variances.map((value, c) => (gammas[c] as number) / Math.sqrt(value + attrs.epsilon));
  const shift = Float64Array.from(valuesOf(backend, beta));
  const y = scaleShift(backend, residual, { scale, shift, slope: attrs.slope });
  const mean = allocate(backend, gamma.shape);
  const variance = allocate(backend, gamma.shape);
  valuesOf(backend, mean).set(means);
  valuesOf(backend, variance).set(variances);
  return [y, mean, variance, viewAs(residual, [1])];
};
