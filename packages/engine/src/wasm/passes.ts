import { type KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { allocate, release, runStock, valuesOf, viewAs } from './heap.ts';

/*
 * Passes over images of the kind the backend has SIMD code for. Measured at 58 x 78 x 32: 13-80 us each, where a loop in
 * JavaScript takes 270-1300 and a per-channel `mul` or `add` of TF.js 80. The caller releases what they return.
 */

/** Per channel: scale x + shift, as a depthwise 1 x 1 convolution; then LeakyReLU if a slope is given. x [1, H, W, C]. */
export function scaleShift(
  backend: KernelBackend,
  x: TensorInfo,
  { scale, shift, slope }: { readonly scale: Float64Array; readonly shift: Float64Array; readonly slope?: number },
): TensorInfo {
  const filter = vector(backend, scale);
  const bias = vector(backend, shift);
  const attrs = { strides: 1, pad: 'valid', dilations: 1, dataFormat: 'NHWC', activation: 'linear' };
  const inputs = { x, filter: viewAs(filter, [1, 1, scale.length, 1]), bias };
  const z = runStock(backend, 'FusedDepthwiseConv2D', inputs, attrs);
  release(backend, filter);
  release(backend, bias);
  return slope === undefined || slope === 1 ? z : replace(backend, z, leakyRelu(backend, z, slope));
}

/** max(x, slope x) for a slope in 0..1. */
export function leakyRelu(backend: KernelBackend, x: TensorInfo, slope: number): TensorInfo {
  const channels = x.shape[3] as number;
  const alpha = vector(backend, new Float64Array(channels).fill(slope));
  const y = runStock(backend, 'Prelu', { x, alpha }, {});
  release(backend, alpha);
  return y;
}

/** LeakyReLU's derivative from its output: 1 above zero, else the slope. */
export function mask(backend: KernelBackend, y: TensorInfo, slope: number): TensorInfo {
  return runStock(backend, 'Step', { x: y }, { alpha: slope });
}

/** a b, of equal shapes. */
export function multiply(backend: KernelBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  return runStock(backend, 'Multiply', { a, b }, {});
}

/** a + b, of equal shapes. */
function add(backend: KernelBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  return runStock(backend, 'Add', { a, b }, {});
}

/** mean over pixels of x, per channel; down the columns first, then along the row, so that rounding stays small. */
export function pixelMean(backend: KernelBackend, x: TensorInfo): Float64Array {
  const [, height, width] = x.shape;
  const row = averagePool(backend, x, [height as number, 1]);
  const point = averagePool(backend, row, [1, width as number]);
  const means = Float64Array.from(valuesOf(backend, point));
  release(backend, row);
  release(backend, point);
  return means;
}

/** mean over pixels of a b, per channel. */
export function pixelMeanOfProduct(backend: KernelBackend, a: TensorInfo, b: TensorInfo): Float64Array {
  const product = multiply(backend, a, b);
  const means = pixelMean(backend, product);
  release(backend, product);
  return means;
}

/** scales[0] x[0] + scales[1] x[1] + ... + shift, per channel. */
export function combine(
  backend: KernelBackend,
  terms: readonly { readonly x: TensorInfo; readonly scale: Float64Array }[],
  shift: Float64Array,
): TensorInfo {
  const zero = new Float64Array(shift.length);
  const scaled = terms.map(({ x, scale }, i) => scaleShift(backend, x, { scale, shift: i === 0 ? shift : zero }));
  return scaled.reduce((sum, term) => {
    const next = add(backend, sum, term);
    release(backend, sum);
    release(backend, term);
    return next;
  });
}

/** `next`, with `previous` released. */
export function replace(backend: KernelBackend, previous: TensorInfo, next: TensorInfo): TensorInfo {
  release(backend, previous);
  return next;
}

function averagePool(backend: KernelBackend, x: TensorInfo, filterSize: [number, number]): TensorInfo {
  return runStock(backend, 'AvgPool', { x }, { filterSize, strides: 1, pad: 'valid' });
}

function vector(backend: KernelBackend, values: Float64Array): TensorInfo {
  util.assert(values.length > 0, () => 'expected at least one channel');
  const info = allocate(backend, [values.length]);
  valuesOf(backend, info).set(values);
  return info;
}
