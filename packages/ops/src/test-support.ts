import {
  conv2dTranspose,
  enableProdMode,
  engine,
  memory,
  registerGradient,
  setBackend,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  util,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { philoxNormal } from './philox.ts';
import { registerComposedKernels } from './register-composed-kernels.ts';
import { registerOps } from './register-ops.ts';

/** Makes TF.js's plain JavaScript backend with the composed kernels the one under test. */
export async function startComposedOnCpu(): Promise<void> {
  // Silences TF.js's advice to install another backend.
  enableProdMode();
  await import('@tensorflow/tfjs-backend-cpu');
  await setBackend('cpu');
  registerComposedKernels('cpu');
  registerOps();
}

/** Standard normal values times `scale`, the same for the same number. */
export function random<T extends Tensor = Tensor4D>(shape: number[], number: number, scale = 1, mean = 0): T {
  const values = philoxNormal(util.sizeFromShape(shape), { seed: 20, stream: 0, counter: [number, 0] });
  return tensor(
    values.map((value) => mean + scale * value),
    shape,
  ) as T;
}

/** Every value within `tolerance` of the largest expected one. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const worst = Array.from(expected).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))),
    0,
  );
  expect(worst / largest).toBeLessThanOrEqual(tolerance);
}

/** The same call fifty times leaves no tensor behind, and a tidied one neither. */
export function expectNoLeak(call: () => void): void {
  call();
  const { numTensors, numDataBuffers } = memory();
  for (let i = 0; i < 50; i++) call();
  expect(memory()).toMatchObject({ numTensors, numDataBuffers });
}

/** TF.js's own rule for conv2d, which its Node bundle leaves out: the oracle of first and second derivatives. */
export function registerStockConvGradient(): void {
  const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC' };
  const filterGradient = (x: Tensor, dy: Tensor, filterShape: number[]): Tensor =>
    engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape });
  registerGradient({
    kernelName: 'Conv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, [x, filter]) => ({
      x: () => conv2dTranspose(dy as Tensor4D, filter as Tensor4D, (x as Tensor4D).shape, 1, 'valid'),
      filter: () => filterGradient(x as Tensor, dy as Tensor, (filter as Tensor).shape),
    }),
  });
  registerGradient({
    kernelName: 'Conv2DBackpropInput',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (u, [dy, filter]) => ({
      dy: () => engine().runKernel('Conv2D', { x: u as Tensor, filter: filter as Tensor }, { ...attrs, dilations: 1 }),
      filter: () => filterGradient(u as Tensor, dy as Tensor, (filter as Tensor).shape),
    }),
  });
}

/** Two normalised blocks and a linear tail, 3 -> 5 -> 4 -> 1 channels: a discriminator in small. */
export interface SmallNet {
  readonly blocks: readonly { readonly weight: Tensor4D; readonly gamma: Tensor1D; readonly beta: Tensor1D }[];
  readonly tail: { readonly weight: Tensor4D; readonly bias: Tensor1D };
}

export function smallNet(): SmallNet {
  const block = (channelsIn: number, channelsOut: number, number: number) => ({
    weight: random<Tensor4D>([3, 3, channelsIn, channelsOut], number, 0.4),
    gamma: random<Tensor1D>([channelsOut], number + 1, 0.3, 1),
    beta: random<Tensor1D>([channelsOut], number + 2, 0.3),
  });
  return {
    blocks: [block(3, 5, 100), block(5, 4, 110)],
    tail: { weight: random<Tensor4D>([3, 3, 4, 1], 120, 0.4), bias: random<Tensor1D>([1], 121) },
  };
}

/** The net's tensors with their names, in a fixed order. */
export function parametersOf({ blocks, tail }: SmallNet): [string, Tensor][] {
  const named = blocks.flatMap((block, i) =>
    Object.entries(block).map(([name, t]): [string, Tensor] => [`${i}.${name}`, t]),
  );
  return [...named, ...Object.entries(tail).map(([name, t]): [string, Tensor] => [`tail.${name}`, t])];
}

/** The net with other tensors in the order of `parametersOf`. */
export function withParameters(parameters: readonly Tensor[]): SmallNet {
  const [w0, g0, b0, w1, g1, b1, weight, bias] = parameters as [
    Tensor4D,
    Tensor1D,
    Tensor1D,
    Tensor4D,
    Tensor1D,
    Tensor1D,
    Tensor4D,
    Tensor1D,
  ];
  const blocks = [
    { weight: w0, gamma: g0, beta: b0 },
    { weight: w1, gamma: g1, beta: b1 },
  ];
  return { blocks, tail: { weight, bias } };
}
