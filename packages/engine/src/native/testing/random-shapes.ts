import { convBlock, convFilterGradKernel, convInputGradKernel, convKernel } from '@singan/ops';
import {
  grads,
  mean,
  type Scalar,
  squaredDifference,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { random, valuesOn } from './agreement.ts';

/** Largest error of a result over its root mean square. */
const TOLERANCE = 1e-4;
/** Multiplications of one case on the plain JavaScript engine that it is checked against. */
const MOST_WORK = 3e8;

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channelsIn: number;
  readonly channelsOut: number;
}

const channels = fc.constantFrom(3, 8, 16, 32, 48, 64, 128);
const shapes: fc.Arbitrary<Shape> = fc
  .record({
    height: fc.integer({ min: 3, max: 40 }),
    width: fc.integer({ min: 11, max: 300 }),
    channelsIn: channels,
    channelsOut: channels,
  })
  .filter(({ height, width, channelsIn, channelsOut }) => 9 * height * width * channelsIn * channelsOut < MOST_WORK);

/** A convolution in its three directions, and a block with its gradients, on shapes drawn at random. */
export async function checkRandomShapes(): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      await expectSmallErrors(() => convolutions(shape), shape);
      await expectSmallErrors(() => blockGradients(shape), shape);
    }),
    { numRuns: 8 },
  );
}

function convolutions({ height, width, channelsIn, channelsOut }: Shape): Tensor[] {
  const x = random<Tensor4D>([1, height, width, channelsIn], 1);
  const weight = random<Tensor4D>([3, 3, channelsIn, channelsOut], 2, 0.1);
  const dConvolved = random<Tensor4D>([1, height - 2, width - 2, channelsOut], 3);
  return [
    convKernel.run({ x, weight }, {}),
    convInputGradKernel.run({ dConvolved, weight }, {}),
    convFilterGradKernel.run({ x, dConvolved }, {}),
  ];
}

/** With slope 1 nothing depends on signs, which rounding may flip where a value is near 0. */
function blockGradients({ height, width, channelsIn, channelsOut }: Shape): Tensor[] {
  const inputs = [
    random([1, height, width, channelsIn], 4),
    random([3, 3, channelsIn, channelsOut], 5, 0.1),
    random([channelsOut], 6, 0.2, 1),
    random([channelsOut], 7, 0.2),
  ];
  const target = random([1, height - 2, width - 2, channelsOut], 8);
  const loss = (...values: Tensor[]): Scalar => {
    const [x, weight, gamma, beta] = values as [Tensor4D, Tensor4D, Tensor1D, Tensor1D];
    return mean(squaredDifference(convBlock({ x, weight, gamma, beta, slope: 1 }).y, target)) as Scalar;
  };
  return grads(loss)(inputs);
}

async function expectSmallErrors(compute: () => Tensor[], shape: Shape): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('native', compute);
  for (const [index, values] of expected.entries()) {
    const others = actual[index] ?? new Float32Array();
    const squares = values.reduce((total, value) => total + value * value, 0);
    const largest = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (others[at] ?? Number.NaN))), 0);
    const error = largest / Math.sqrt(squares / values.length);
    expect(error, `result ${index} of ${JSON.stringify(shape)}`).toBeLessThanOrEqual(TOLERANCE);
  }
}
