import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';
import { isNativeBuilt } from './addon.ts';
import { expectAgreement, random } from './testing/agreement.ts';

const x = () => random([2, 5, 7, 3], 1);
const y = () => random([2, 5, 7, 3], 2);

/** Stock ops of TF.js, of the addon's own kernels and of those that run on the cpu engine's. */
const OPS: Record<string, () => tf.Tensor[]> = {
  'elementwise, equal shapes': () => [
    tf.add(x(), y()),
    tf.sub(x(), y()),
    tf.mul(x(), y()),
    tf.div(x(), tf.add(tf.abs(y()), 1)),
    tf.squaredDifference(x(), y()),
    tf.maximum(x(), y()),
    tf.minimum(x(), y()),
  ],
  'elementwise, broadcast': () => [
    tf.add(x(), 3),
    tf.sub(2, x()),
    tf.mul(x(), random([3], 3)),
    tf.add(x(), random([2, 1, 7, 1], 3)),
    tf.mul(random([5, 1, 1], 3), random([1, 7, 3], 4)),
  ],
  unary: () => [
    tf.neg(x()),
    tf.square(x()),
    tf.sqrt(tf.abs(x())),
    tf.rsqrt(tf.add(tf.abs(x()), 0.1)),
    tf.tanh(tf.mul(x(), 4)),
    tf.step(x(), 0.2),
    tf.leakyRelu(x(), 0.1),
    tf.clipByValue(x(), -0.5, 0.7),
    tf.exp(x()),
    tf.sigmoid(x()),
  ],
  'sums and means': () => [
    tf.sum(x()),
    tf.mean(x()),
    tf.sum(x(), [0, 1, 2]),
    tf.mean(x(), -1, true),
    tf.sum(x(), [0, 2]),
    tf.mean(x(), [1, 2], true),
    tf.max(x(), 1),
  ],
  'addition of many': () => [tf.addN([x(), y(), random([2, 5, 7, 3], 3)]), tf.addN([x()])],
  shapes: () => [
    tf.pad(
      x(),
      [
        [0, 0],
        [1, 2],
        [3, 0],
        [0, 1],
      ],
      5,
    ),
    tf.slice(x(), [1, 0, 2, 1], [1, 4, -1, 2]),
    tf.concat([x(), random([2, 5, 4, 3], 3)], 2),
    tf.transpose(x(), [3, 1, 0, 2]),
    tf.reshape(x(), [10, -1]),
    tf.expandDims(x(), 1),
    tf.tile(x(), [1, 2, 1, 1]),
    tf.stack([x(), y()]),
    ...tf.split(x(), [2, 5], 2),
  ],
  'new tensors': () => [tf.zerosLike(x()), tf.onesLike(x()), tf.fill([3, 4], 2.5), tf.zeros([2, 0, 3])],
  'matrices and pictures': () => [
    tf.matMul(tf.reshape(x(), [10, 21]), tf.reshape(y(), [10, 21]), false, true),
    tf.conv2d(x() as tf.Tensor4D, random<tf.Tensor4D>([2, 2, 3, 4], 3), 1, 'same'),
  ],
  'other types': () => [
    tf.cast(tf.greater(x(), 0), 'float32'),
    tf.where(tf.greater(x(), 0), x(), y()),
    tf.gather(x(), tf.tensor1d([1, 0, 1], 'int32')),
    tf.add(tf.tensor1d([1, 2], 'int32'), 3),
  ],
};

describe.skipIf(!isNativeBuilt())('stock ops on the native engine', () => {
  beforeAll(async () => {
    await startEngine('cpu');
    await startEngine('native');
  });

  it.each(Object.keys(OPS))('%s agree with the cpu engine', async (name) => {
    await expectAgreement(OPS[name] as () => tf.Tensor[], 1e-6);
  });

  it('keep types and values of integers and booleans', async () => {
    await tf.setBackend('native');
    const flags = tf.greater(tf.tensor1d([1, -1]), 0);
    expect([flags.dtype, [...flags.dataSync()]]).toEqual(['bool', [1, 0]]);
    const numbers = tf.add(tf.tensor1d([2 ** 30, 5], 'int32'), tf.scalar(3, 'int32'));
    expect([numbers.dtype, [...numbers.dataSync()]]).toEqual(['int32', [2 ** 30 + 3, 5 + 3]]);
    tf.dispose([flags, numbers]);
  });

  it('move tensors from another engine when they are used', async () => {
    await tf.setBackend('cpu');
    const onCpu = tf.tensor1d([1, 2, 3]);
    await tf.setBackend('native');
    const sum = tf.add(onCpu, onCpu);
    expect([...(await sum.data())]).toEqual([2, 4, 6]);
    tf.dispose([onCpu, sum]);
  });

  it('keep NaN', async () => {
    await tf.setBackend('native');
    const nan = () => tf.tensor1d([Number.NaN]);
    const values = tf.tidy(() =>
      [
        tf.tanh(nan()),
        tf.step(nan()),
        tf.clipByValue(nan(), 0, 1),
        tf.leakyRelu(nan()),
        tf.maximum(nan(), 1),
        tf.minimum(1, nan()),
      ].map((t) => t.dataSync()[0]),
    );
    expect(values).toEqual(values.map(() => Number.NaN));
  });
});
