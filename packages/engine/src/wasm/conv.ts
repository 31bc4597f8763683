import type { Compute, ConvFilterGradInputs, ConvInputGradInputs, ConvInputs } from '@singan/ops';
import type { KernelBackend, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, heapPositions, release, runStock, valuesOf, viewAs } from './heap.ts';

type NoAttrs = Record<string, never>;

export const wasmConv: Compute<ConvInputs, NoAttrs, Tensor4D> = ({ x, weight }, _attrs, backend) =>
  convolve(backend, x, weight, 'valid');

/** The forward convolution of dConvolved, padded by 2, with the taps reversed and the channels swapped. */
export const wasmConvInputGrad: Compute<ConvInputGradInputs, NoAttrs, Tensor4D> = (inputs, _attrs, backend) => {
  const { dConvolved, weight } = inputs;
  const flipped = flipTaps(backend, weight);
  const dx = convolve(backend, dConvolved, flipped, 2);
  release(backend, flipped);
  return dx;
};

/**
 * With the pixels of a row in the place of the channels, the filter's gradient is one more convolution: dConvolved
 * [1, h, w, Cout] serves, as it lies in memory, as a filter [h, 1, w, Cout] that slides down the three vertical taps;
 * the horizontal taps and the input channels are the "pixels" of a row. The result lies as [3, 3, Cin, Cout].
 */
export const wasmConvFilterGrad: Compute<ConvFilterGradInputs, NoAttrs, Tensor4D> = (inputs, _attrs, backend) => {
  const { x, dConvolved } = inputs;
  const [, height, width, channelsIn] = x.shape;
  const channelsOut = dConvolved.shape[3];
  const rows = shiftRows(backend, x);
  // A filter under an id of its own: the backend caches the packed filter by id, and frees it with that id.
  const filter = allocate(backend, [height - 2, 1, width - 2, channelsOut]);
  valuesOf(backend, filter).set(valuesOf(backend, dConvolved));
  const taps = convolve(backend, rows, filter, 'valid');
  release(backend, rows);
  release(backend, filter);
  return viewAs(taps, [3, 3, channelsIn, channelsOut]);
};

/** Not pad 0 for 'valid': TF.js then takes the filter's height for its width, and the kernel writes past its result. */
export function convolve(backend: KernelBackend, x: TensorInfo, filter: TensorInfo, pad: 'valid' | 2): TensorInfo {
  return runStock(backend, 'Conv2D', { x, filter }, { strides: 1, pad, dataFormat: 'NHWC', dilations: 1 });
}

/** to[8 - tap] = from[tap], its [Cin, Cout] transposed. */
function flipTaps(backend: KernelBackend, weight: TensorInfo): TensorInfo {
  const [, , channelsIn, channelsOut] = weight.shape as [number, number, number, number];
  const taps = viewAs(weight, [9, channelsIn, channelsOut]);
  const transposed = runStock(backend, 'Transpose', { x: taps }, { perm: [0, 2, 1] });
  const flipped = allocate(backend, [3, 3, channelsOut, channelsIn]);
  const from = valuesOf(backend, transposed);
  const to = valuesOf(backend, flipped);
  const size = channelsIn * channelsOut;
  for (let tap = 0; tap < 9; tap++) to.set(from.subarray(tap * size, (tap + 1) * size), (8 - tap) * size);
  release(backend, transposed);
  return flipped;
}

/** rows[i][b][c][j] = x[i][j + b][c] for the three horizontal taps b. */
function shiftRows(backend: KernelBackend, x: TensorInfo): TensorInfo {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const length = width - 2;
  const lines = runStock(backend, 'Transpose', { x: viewAs(x, [height, width, channels]) }, { perm: [0, 2, 1] });
  const rows = allocate(backend, [1, height, 3 * channels, length]);
  const { heap, positions } = heapPositions(backend, lines, rows);
  const [from, to] = positions as [number, number];
  for (let i = 0; i < height; i++) {
    for (let tap = 0; tap < 3; tap++) {
      for (let c = 0; c < channels; c++) {
        const source = from + (i * channels + c) * width + tap;
        // A third of the time of a loop over the values; `set` would need a subarray for each line.
        heap.copyWithin(to + ((i * 3 + tap) * channels + c) * length, source, source + length);
      }
    }
  }
  release(backend, lines);
  return rows;
}
