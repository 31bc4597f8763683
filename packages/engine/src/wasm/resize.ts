import {
  type Compute,
  type ResizeAttrs,
  type ResizeGradAttrs,
  type ResizeGradInputs,
  type ResizeInputs,
  type ResizeWeights,
  resizeWeights,
} from '@singan/ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { allocate, valuesOf } from './heap.ts';

/** Walks the few taps with a weight instead of multiplying whole matrices; sums in double precision. */
export const wasmResize: Compute<ResizeInputs, ResizeAttrs, Tensor4D> = ({ x }, { height, width }, backend) => {
  const [, inputHeight, inputWidth, channels] = x.shape;
  const y = allocate(backend, [1, height, width, channels]);
  const lines = new Float64Array(height * inputWidth * channels);
  gather(valuesOf(backend, x), lines, { outer: 1, stride: inputWidth * channels, ...axis(inputHeight, height) });
  gather(lines, valuesOf(backend, y), { outer: height, stride: channels, ...axis(inputWidth, width) });
  return y;
};

export const wasmResizeGrad: Compute<ResizeGradInputs, ResizeGradAttrs, Tensor4D> = (
  { dy },
  { height, width },
  backend,
) => {
  const [, outputHeight, outputWidth, channels] = dy.shape;
  const dx = allocate(backend, [1, height, width, channels]);
  const lines = new Float64Array(height * outputWidth * channels);
  scatter(valuesOf(backend, dy), lines, { outer: 1, stride: outputWidth * channels, ...axis(height, outputHeight) });
  const sums = new Float64Array(height * width * channels);
  scatter(lines, sums, { outer: height, stride: channels, ...axis(width, outputWidth) });
  valuesOf(backend, dx).set(sums);
  return dx;
};

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly weights: ResizeWeights;
}

function axis(input: number, output: number): Axis {
  return { input, output, weights: resizeWeights(input, output) };
}

/** One axis of arrays [outer, input or output, stride]. */
interface Sweep extends Axis {
  readonly outer: number;
  readonly stride: number;
}

type Values = Float32Array | Float64Array;

/** to[o, i] = sum over taps of weight[i, tap] from[o, position[i, tap]]; `to` is written once per tap, from zero. */
function gather(from: Values, to: Values, sweep: Sweep): void {
  const sums = new Float64Array(sweep.stride);
  walk(sweep, (source, target, tap, weight) => {
    if (tap === 0) sums.fill(0);
    for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] as number) + weight * (from[source + k] as number);
    if (tap === sweep.weights.taps - 1) to.set(sums, target);
  });
}

/** The transpose of gather: adds each from[o, i] to the positions it was made of. */
function scatter(from: Values, to: Float64Array, sweep: Sweep): void {
  walk(sweep, (source, target, _tap, weight) => {
    for (let k = 0; k < sweep.stride; k++) {
      to[source + k] = (to[source + k] as number) + weight * (from[target + k] as number);
    }
  });
}

function walk(
  { outer, stride, input, output, weights }: Sweep,
  visit: (source: number, target: number, tap: number, weight: number) => void,
): void {
  const { positions, values, taps } = weights;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < output; i++) {
      const target = (o * output + i) * stride;
      for (let tap = 0; tap < taps; tap++) {
        const position = positions[i * taps + tap] as number;
        visit((o * input + position) * stride, target, tap, values[i * taps + tap] as number);
      }
    }
  }
}
