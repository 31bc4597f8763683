import type { Compute, ConvBlockAttrs, ConvBlockGradInputs, ConvBlockGradOutputs } from '@singan/ops';
import { allocate, release, valuesOf, viewAs } from './heap.ts';
import { combine, mask, multiply, pixelMean, pixelMeanOfProduct } from './passes.ts';

/** With q the residual (n = q s): dConvolved = gamma s (dz - mean(dz) - q s^2 mean(dz q)). */
export const wasmConvBlockGrad: Compute<ConvBlockGradInputs, ConvBlockAttrs, ConvBlockGradOutputs> = (
  { dy, y, residual: handle, variance, gamma },
  { slope, epsilon },
  backend,
) => {
  const residual = viewAs(handle, y.shape);
  const pixels = y.size / gamma.size;
  const derivative = mask(backend, y, slope);
  const dz = multiply(backend, derivative, dy);
  release(backend, derivative);
  const dzMean = pixelMean(backend, dz);
  const dzqMean = pixelMeanOfProduct(backend, dz, residual);
  const gammas = valuesOf(backend, gamma);
  const s = Float64Array.from(valuesOf(backend, variance), (value) => 1 / Math.sqrt(value + epsilon));
  const scale = s.map((value, c) => value * (gammas[c] as number));
  const linear = scale.map((value, c) => -value * (s[c] as number) ** 2 * (dzqMean[c] as number));
  const constant = scale.map((value, c) => -value * (dzMean[c] as number));
  const terms = [
    { x: dz, scale },
    { x: residual, scale: linear },
  ];
  const dConvolved = combine(backend, terms, constant);
  release(backend, dz);
  const dGamma = allocate(backend, gamma.shape);
  const dBeta = allocate(backend, gamma.shape);
  valuesOf(backend, dGamma).set(dzqMean.map((value, c) => value * (s[c] as number) * pixels));
  valuesOf(backend, dBeta).set(dzMean.map((value) => value * pixels));
  return [dConvolved, dGamma, dBeta];
};
