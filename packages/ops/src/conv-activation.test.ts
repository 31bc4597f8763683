import {
  add,
  conv2d,
  grad,
  grads,
  leakyRelu,
  mean,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { convActivation } from './conv-activation.ts';
import { gradientPenalty } from './gradient-penalty.ts';
import { expectClose, expectNoLeak, random, registerStockConvGradient, startComposedOnCpu } from './test-support.ts';

beforeAll(async () => {
  await startComposedOnCpu();
  registerStockConvGradient();
});

type Layer = (x: Tensor4D, weight: Tensor4D, bias: Tensor1D) => Tensor4D;

const inputs = (): [Tensor4D, Tensor4D, Tensor1D] => [
  random([1, 9, 10, 3], 1),
  random([3, 3, 3, 4], 2, 0.4),
  random([4], 3),
];

/** Gradients of a loss of one layer, and of the penalty on the layer's own gradient. */
function derivatives(layer: Layer): Tensor[] {
  const loss = (...[x, weight, bias]: Tensor[]): Scalar =>
    mean(square(layer(x as Tensor4D, weight as Tensor4D, bias as Tensor1D)));
  const penalty = (...[x, weight, bias]: Tensor[]): Scalar => {
    const scoreOf = (input: Tensor) => sum(square(layer(input as Tensor4D, weight as Tensor4D, bias as Tensor1D)));
    return gradientPenalty(grad(scoreOf)(x as Tensor4D) as Tensor4D);
  };
  return [...grads(loss)(inputs()), ...grads(penalty)(inputs())];
}

describe.each([1, 0.2, 0.05, 0])('convActivation of slope %d', (slope) => {
  const fused: Layer = (x, weight, bias) => convActivation({ x, weight, bias, slope });
  const plain: Layer = (x, weight, bias) => leakyRelu(add<Tensor4D>(conv2d(x, weight, 1, 'valid'), bias), slope);

  it('has the values and the first and second derivatives of the stock ops', () => {
    expectClose(fused(...inputs()).dataSync(), plain(...inputs()).dataSync(), 1e-6);
    const expected = derivatives(plain);
    for (const [i, actual] of derivatives(fused).entries()) {
      expectClose(actual.dataSync(), (expected[i] as Tensor).dataSync(), 1e-5);
    }
  });

  it('leaves no tensor behind', () => {
    expectNoLeak(() => tidy(() => void derivatives(fused)));
  });
});
