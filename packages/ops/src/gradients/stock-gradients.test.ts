import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, expectNoLeak, random, startComposedOnCpu } from '../test-support.ts';

beforeAll(startComposedOnCpu);

type Op = (x: tf.Tensor2D) => tf.Tensor;

/** Further from every kink below than the differences reach: across one, a difference is no derivative. */
const AWAY_FROM_KINKS = [-1.5, 0.8, -0.3, 1.6, 0.33, -0.9, 1.2, -1.1, 0.7, -0.25, 1.9, -0.4];

/** Functions of x [3, 4]. */
const OPS: Record<string, Op> = {
  add: (x) => tf.square(tf.add(x, tf.slice(x, [0, 0], [1, 4]))),
  sub: (x) => tf.square(tf.sub(tf.slice(x, [0, 0], [3, 1]), x)),
  multiply: (x) => tf.mul(x, tf.slice(x, [1, 0], [1, 4])),
  divide: (x) => tf.div(x, tf.add(2, tf.square(tf.slice(x, [0, 1], [3, 1])))),
  'squared difference': (x) => tf.squaredDifference(x, tf.slice(x, [0, 0], [1, 4])),
  'add n': (x) => tf.addN([x, tf.square(x), x]),
  neg: (x) => tf.mul(tf.neg(x), x),
  sqrt: (x) => tf.sqrt(tf.add(tf.square(x), 1)),
  rsqrt: (x) => tf.rsqrt(tf.add(tf.square(x), 1)),
  exp: (x) => tf.exp(x),
  log: (x) => tf.log(tf.add(tf.square(x), 1)),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  abs: (x) => tf.mul(tf.abs(x), x),
  maximum: (x) => tf.square(tf.maximum(x, 0.1)),
  minimum: (x) => tf.square(tf.minimum(0.2, x)),
  relu: (x) => tf.square(tf.relu(x)),
  'leaky relu': (x) => tf.square(tf.leakyRelu(x, 0.3)),
  elu: (x) => tf.square(tf.elu(x)),
  clip: (x) => tf.square(tf.clipByValue(x, -0.6, 0.5)),
  sum: (x) => tf.square(tf.sum(x, 1)),
  mean: (x) => tf.square(tf.mean(x, 0, true)),
  reshape: (x) => tf.square(tf.reshape(x, [2, 6])),
  'expand dims': (x) => tf.square(tf.expandDims(x, 1)),
  pad: (x) =>
    tf.square(
      tf.pad(x, [
        [1, 0],
        [2, 1],
      ]),
    ),
  slice: (x) => tf.square(tf.slice(x, [1, 1], [2, -1])),
  transpose: (x) => tf.square(tf.add(tf.transpose(x), tf.reshape(x, [4, 3]))),
  concat: (x) => tf.square(tf.concat([x, tf.square(x)], 1)),
  split: (x) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])),
  'matrix product': (x) => tf.matMul(x, tf.square(x), false, true),
  'transposed matrix product': (x) => tf.matMul(x, tf.square(x), true, false),
};

/** d/dt of f(x + t direction) at 0, from float32 values: the step is wide and the rule of fourth order. */
function difference(f: (x: tf.Tensor2D) => number, x: tf.Tensor2D, direction: tf.Tensor2D): number {
  const at = (t: number) => f(tf.add(x, tf.mul(direction, t)));
  const h = 1 / 64;
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

const dot = (a: tf.Tensor, b: tf.Tensor): number => {
  const other = b.dataSync();
  return a.dataSync<'float32'>().reduce((sum, value, i) => sum + value * (other[i] as number), 0);
};

describe.each(Object.entries(OPS))('%s', (_name, op) => {
  const input = () => tf.tensor2d(AWAY_FROM_KINKS, [3, 4]);
  const weights = (shape: number[]) => random<tf.Tensor>(shape, 32);
  const loss = (x: tf.Tensor) => {
    const y = op(x as tf.Tensor2D);
    return tf.sum(tf.mul(y, weights(y.shape)));
  };
  const slopeLoss = (x: tf.Tensor) => tf.sum(tf.mul(tf.grad(loss)(x), weights([3, 4])));

  it('has the first derivative found by differences', () => {
    const direction = random<tf.Tensor2D>([3, 4], 33);
    const numeric = difference((x) => dot(op(x), weights(op(x).shape)), input(), direction);
    expect(dot(tf.grad(loss)(input()), direction)).toBeCloseTo(numeric, 2);
  });

  it('has the second derivative found by differences of the first', () => {
    const direction = random<tf.Tensor2D>([3, 4], 34);
    const numeric = difference((x) => slopeLoss(x).dataSync()[0] as number, input(), direction);
    expect(dot(tf.grad(slopeLoss)(input()), direction)).toBeCloseTo(numeric, 2);
  });

  it('leaves no tensor behind', () => {
    const x = input();
    expectNoLeak(() => tf.tidy(() => void tf.grad(slopeLoss)(x)));
  });
});

describe('batched matrix product', () => {
  it('sums the gradient of an operand that serves all batches', () => {
    const [a, b] = [random<tf.Tensor3D>([1, 2, 3], 1), random<tf.Tensor3D>([4, 3, 5], 2)];
    const weights = random<tf.Tensor3D>([4, 2, 5], 3);
    const [da] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.mul(tf.matMul(x, y), weights)))([a, b]);
    const expected = tf.sum(tf.matMul(weights, b, false, true), 0, true);
    expect(da?.shape).toEqual([1, 2, 3]);
    expectClose((da as tf.Tensor).dataSync(), expected.dataSync(), 1e-5);
  });
});
