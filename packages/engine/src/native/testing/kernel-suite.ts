import {
  adamUpdateKernel,
  convActivation,
  convBlock,
  convFilterGradKernel,
  convInputGradKernel,
  convKernel,
  gradientPenalty,
  resize,
  standardNormal,
} from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EngineInfo, startEngine } from '../../start-engine.ts';
import { isNativeBuilt } from '../addon.ts';
import type { NativeBackend } from '../backend.ts';
import { expectAgreement, random, valuesOn } from './agreement.ts';
import { criticGradients, netOutputs } from './critic.ts';
import { checkRandomShapes } from './random-shapes.ts';

const SHAPES = [
  { height: 3, width: 3, channelsIn: 1, channelsOut: 1 },
  { height: 13, width: 9, channelsIn: 3, channelsOut: 8 },
  { height: 8, width: 21, channelsIn: 8, channelsOut: 5 },
  { height: 10, width: 12, channelsIn: 6, channelsOut: 1 },
  { height: 25, width: 33, channelsIn: 32, channelsOut: 32 },
];

/** Every kernel of one instruction set against the composed ones on the cpu engine. A process starts one set: a file each. */
export function describeNativeKernels(isa: string): void {
  describe.skipIf(!isNativeBuilt())(`the native kernels (${isa})`, () => {
    let info: EngineInfo | null = null;
    beforeAll(async () => {
      await startEngine('cpu');
      info = await startEngine('native', { nativeIsa: isa, nativeThreads: 2 }).catch(() => null);
    });
    const test = (name: string, body: () => Promise<void>) => {
      it(name, async ({ skip }) => {
        if (info === null) return skip(`this processor has no ${isa}`);
        expect(info).toMatchObject({ engine: 'native', isa, threads: 2 });
        await body();
      });
    };
    describeConvolutions(test);
    describeBlocks(test);
    describeMethod(test);
    describeOrder(test);
  });
}

type Test = (name: string, body: () => Promise<void>) => void;

function describeConvolutions(test: Test): void {
  for (const { height, width, channelsIn, channelsOut } of SHAPES) {
    const x = () => random<tf.Tensor4D>([1, height, width, channelsIn], 1);
    const weight = () => random<tf.Tensor4D>([3, 3, channelsIn, channelsOut], 2, 0.3);
    const dConvolved = () => random<tf.Tensor4D>([1, height - 2, width - 2, channelsOut], 3);
    const name = `${height} x ${width}, ${channelsIn} to ${channelsOut} channels`;

    test(`convolve ${name}, and back`, async () => {
      await expectAgreement(() => [convKernel.run({ x: x(), weight: weight() }, {})]);
      await expectAgreement(() => [convInputGradKernel.run({ dConvolved: dConvolved(), weight: weight() }, {})]);
      await expectAgreement(() => [convFilterGradKernel.run({ x: x(), dConvolved: dConvolved() }, {})]);
    });

    test(`differentiate convActivation twice on ${name}`, async () => {
      for (const slope of [1, 0.05, 0]) {
        const layer = (input: tf.Tensor, filter: tf.Tensor, b: tf.Tensor) =>
          convActivation({ x: input as tf.Tensor4D, weight: filter as tf.Tensor4D, bias: b as tf.Tensor1D, slope });
        const loss = (input: tf.Tensor, filter: tf.Tensor, b: tf.Tensor): tf.Scalar => {
          const inner = tf.grad((t) => tf.sum(tf.square(layer(t, filter, b))))(input) as tf.Tensor4D;
          return tf.add(tf.mean(tf.square(layer(input, filter, b))), gradientPenalty(inner));
        };
        const inputs = () => [x(), weight(), random([channelsOut], 4)] as const;
        await expectAgreement(() => [layer(...inputs())]);
        await expectAgreement(() => tf.grads(loss)([...inputs()]), 1e-4);
      }
    });
  }
}

function describeBlocks(test: Test): void {
  test('agree with the composed ones on shapes drawn at random', checkRandomShapes);

  test('give convBlock its values and statistics', async () => {
    await expectAgreement(() => {
      const parameters = { weight: random([3, 3, 3, 7], 2), gamma: random([7], 3), beta: random([7], 4) };
      const [x, slope] = [random<tf.Tensor4D>([1, 12, 17, 3], 1, 1, 4), 0.2];
      const block = { weight: parameters.weight, gamma: parameters.gamma as never, beta: parameters.beta as never };
      const { y, mean, variance } = convBlock({ x, ...block, slope });
      return [y, mean, variance];
    });
  });

  test('differentiate a critic twice, block by block and as one net', async () => {
    for (const channels of [8, 16, 33]) {
      for (const way of ['blocks', 'net'] as const) await expectAgreement(() => criticGradients(channels, way), 1e-4);
    }
  });

  test('give a net its values and statistics', async () => {
    for (const channels of [5, 32]) await expectAgreement(() => netOutputs(channels));
  });
}

function describeMethod(test: Test): void {
  test('resize, and differentiate it', async () => {
    for (const [height, width] of [
      [5, 30],
      [22, 7],
      [14, 11],
    ] as const) {
      const resized = (t: tf.Tensor) => resize(t as tf.Tensor4D, { height, width });
      await expectAgreement(() => {
        const x = random<tf.Tensor4D>([1, 14, 11, 4], 20);
        return [resized(x), tf.grad((t) => tf.sum(tf.square(resized(t))))(x)];
      });
    }
  });

  test('draw the noise of the composed kernel', async () => {
    const key = { seed: 0xffffffff, stream: 7, counter: [1, 0x80000000] } as const;
    await expectAgreement(() => [standardNormal({ shape: [1, 7, 9, 3], ...key })], 1e-7);
  });

  test('update by Adam', async () => {
    await expectAgreement(() => {
      const part = (number: number) => [random([5, 7], number), random([3], number + 1)];
      const second = part(46).map((t) => tf.square(t));
      const attrs = { step: 3, learningRate: 0.01, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
      return adamUpdateKernel.run([...part(40), ...part(42), ...part(44), ...second], attrs);
    });
  });
}

function describeOrder(test: Test): void {
  test('give the same bytes for the same step', async () => {
    const hex = (values: Float32Array[]) => values.map(({ buffer }) => Buffer.from(buffer).toString('hex'));
    const first = await valuesOn('native', () => criticGradients(16));
    expect(hex(await valuesOn('native', () => criticGradients(16)))).toEqual(hex(first));
  });

  test('leave nothing behind after 10,000 blocks and their gradients, nor after whole steps', async () => {
    await tf.setBackend('native');
    const { addon } = tf.backend() as NativeBackend;
    const held = () => [tf.memory().numTensors, tf.backend().numDataIds(), addon.tensorCount()];
    const block = smallBlock();
    const step = () => {
      tf.tidy(() => {
        criticGradients(8);
        resize(random<tf.Tensor4D>([1, 6, 5, 3], 1), { height: 4, width: 9 });
      });
    };
    step();
    block.run();
    const before = held();
    for (let i = 0; i < 10_000; i++) block.run();
    for (let i = 0; i < 50; i++) step();
    expect(held()).toEqual(before);
    block.dispose();
  });
}

/** A block of 8 channels on a picture of 5 x 6, forward and back. */
function smallBlock(): { run(): void; dispose(): void } {
  const inputs = [random([1, 5, 6, 8], 50), random([3, 3, 8, 8], 51), random([8], 52), random([8], 53)];
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const [x, weight, gamma, beta] = values as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    return tf.sum(convBlock({ x, weight, gamma, beta, slope: 0.2 }).y);
  };
  const gradients = tf.grads(loss);
  return { run: () => tf.dispose(gradients(inputs)), dispose: () => tf.dispose(inputs) };
}
