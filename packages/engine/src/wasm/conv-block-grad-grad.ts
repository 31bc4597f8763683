import type { Compute, ConvBlockAttrs, ConvBlockGradGradInputs, ConvBlockGradGradOutputs } from '@singan/ops';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, release, valuesOf, viewAs } from './heap.ts';
import { combine, mask, multiply, pixelMean, pixelMeanOfProduct, replace } from './passes.ts';

/**
 * Every mean in ConvBlockGradGrad's formulas follows from five (of dz, dz n, r, r n, r dz); with them both results are
 * linear in r, dz and n: with a = mean(dz n), b = mean(r n), k = mean(r dz) - mean(r) mean(dz) - a b,
 * dDy = m gamma s (r - mean(r) - n b);
 * dConvolved = -gamma s^2 (a r + b dz + n (k - 2 a b) - a mean(r) - b mean(dz)); dGamma = s k H W.
 */
export const wasmConvBlockGradGrad: Compute<ConvBlockGradGradInputs, ConvBlockAttrs, ConvBlockGradGradOutputs> = (
  { r, dy, y, residual: handle, variance, gamma },
  { slope, epsilon },
  backend,
) => {
  const residual = viewAs(handle, y.shape);
  const derivative = mask(backend, y, slope);
  const dz = multiply(backend, derivative, dy);
  const s = Float64Array.from(valuesOf(backend, variance), (value) => 1 / Math.sqrt(value + epsilon));
  const means = meansOf(backend, { r, dz, residual, s });
  const terms: Terms = { r, dz, residual, s, means, gamma: Float64Array.from(valuesOf(backend, gamma)) };
  const projected = dyTerms(backend, terms);
  const dDy = replace(backend, projected, multiply(backend, derivative, projected));
  const dConvolved = convolvedTerms(backend, terms);
  release(backend, derivative);
  release(backend, dz);
  const dGamma = allocate(backend, gamma.shape);
  const pixels = y.size / gamma.size;
  valuesOf(backend, dGamma).set(s.map((value, c) => value * pixels * (means.k[c] as number)));
  return [dDy, dConvolved, dGamma];
};

interface Images {
  readonly r: TensorInfo;
  readonly dz: TensorInfo;
  readonly residual: TensorInfo;
  readonly s: Float64Array;
}

interface Means {
  readonly dz: Float64Array;
  readonly r: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly k: Float64Array;
}

interface Terms extends Images {
  readonly gamma: Float64Array;
  readonly means: Means;
}

function meansOf(backend: KernelBackend, { r, dz, residual, s }: Images): Means {
  const dzMean = pixelMean(backend, dz);
  const rMean = pixelMean(backend, r);
  const a = pixelMeanOfProduct(backend, dz, residual).map((value, c) => value * (s[c] as number));
  const b = pixelMeanOfProduct(backend, r, residual).map((value, c) => value * (s[c] as number));
  const k = pixelMeanOfProduct(backend, r, dz).map(
    (value, c) => value - (rMean[c] as number) * (dzMean[c] as number) - (a[c] as number) * (b[c] as number),
  );
  return { dz: dzMean, r: rMean, a, b, k };
}

/** gamma s (r - mean(r) - n b) */
function dyTerms(backend: KernelBackend, { r, residual, s, gamma, means }: Terms): TensorInfo {
  const scale = s.map((value, c) => value * (gamma[c] as number));
  const ofResidual = scale.map((value, c) => -value * (means.b[c] as number) * (s[c] as number));
  const constant = scale.map((value, c) => -value * (means.r[c] as number));
  const terms = [
    { x: r, scale },
    { x: residual, scale: ofResidual },
  ];
  return combine(backend, terms, constant);
}

/** -gamma s^2 (a r + b dz + n (k - 2 a b) - a mean(r) - b mean(dz)) */
function convolvedTerms(backend: KernelBackend, { r, dz, residual, s, gamma, means }: Terms): TensorInfo {
  const scale = s.map((value, c) => -value * value * (gamma[c] as number));
  const ofR = scale.map((value, c) => value * (means.a[c] as number));
  const ofDz = scale.map((value, c) => value * (means.b[c] as number));
  const ofN = scale.map(
    (value, c) => value * ((means.k[c] as number) - 2 * (means.a[c] as number) * (means.b[c] as number)),
  );
  const constant = ofR.map(
    (value, c) => -value * (means.r[c] as number) - (ofDz[c] as number) * (means.dz[c] as number),
  );
  const terms = [
    { x: r, scale: ofR },
    { x: dz, scale: ofDz },
    { x: residual, scale: ofN.map((value, c) => value * (s[c] as number)) },
  ];
  return combine(backend, terms, constant);
}
