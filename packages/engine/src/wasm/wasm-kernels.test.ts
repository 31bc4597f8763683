import {
  convActivation,
  convBlock,
  convFilterGradKernel,
  convInputGradKernel,
  convKernel,
  gradientPenalty,
  philoxNormal,
  resize,
} from '@singan/ops';
import {
  add,
  engine,
  grad,
  grads,
  mean,
  memory,
  mul,
  type Scalar,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';

beforeAll(async () => {
  await startEngine('cpu');
  await startEngine('wasm');
});

function random<T extends Tensor = Tensor4D>(shape: number[], number: number, scale = 1, average = 0): T {
  const values = philoxNormal(util.sizeFromShape(shape), { seed: 30, stream: 0, counter: [number, 0] });
  return tensor(
    values.map((value) => average + scale * value),
    shape,
  ) as T;
}

/** The values a computation gives on an engine. */
async function valuesOn(name: 'cpu' | 'wasm', compute: () => Tensor[]): Promise<Float32Array[]> {
  await setBackend(name);
  return tidy(() => compute().map((t) => t.dataSync<'float32'>().slice()));
}

/** The wasm kernels and the composed ones on the cpu agree within `tolerance` of each result's norm. */
async function expectAgreement(compute: () => Tensor[], tolerance = 1e-5): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('wasm', compute);
  for (const [i, values] of expected.entries()) {
    const difference = Math.hypot(...values.map((value, k) => value - (actual[i]?.[k] as number)));
    expect(difference, `result ${i}`).toBeLessThanOrEqual(tolerance * Math.hypot(...values));
  }
}

const SHAPES = [
  { height: 3, width: 3, channelsIn: 1, channelsOut: 1 },
  { height: 13, width: 9, channelsIn: 3, channelsOut: 8 },
  { height: 8, width: 21, channelsIn: 8, channelsOut: 5 },
  { height: 10, width: 12, channelsIn: 6, channelsOut: 1 },
  { height: 25, width: 33, channelsIn: 32, channelsOut: 32 },
];

describe.each(SHAPES)('on $height x $width, $channelsIn to $channelsOut channels', (shape) => {
  const { height, width, channelsIn, channelsOut } = shape;
  const x = () => random<Tensor4D>([1, height, width, channelsIn], 1);
  const weight = () => random<Tensor4D>([3, 3, channelsIn, channelsOut], 2, 0.3);
  const dConvolved = () => random<Tensor4D>([1, height - 2, width - 2, channelsOut], 3);

  it('the convolution and its gradients agree with the composed kernels', async () => {
    await expectAgreement(() => [convKernel.run({ x: x(), weight: weight() }, {})]);
    await expectAgreement(() => [convInputGradKernel.run({ dConvolved: dConvolved(), weight: weight() }, {})]);
    await expectAgreement(() => [convFilterGradKernel.run({ x: x(), dConvolved: dConvolved() }, {})]);
  });

  it.each([1, 0.05, 0])('convActivation of slope %d agrees, with its first and second derivatives', async (slope) => {
    const bias = () => random<Tensor1D>([channelsOut], 4);
    const layer = (input: Tensor, filter: Tensor, b: Tensor) =>
      convActivation({ x: input as Tensor4D, weight: filter as Tensor4D, bias: b as Tensor1D, slope });
    const loss = (input: Tensor, filter: Tensor, b: Tensor): Scalar => {
      const inner = grad((t) => sum(square(layer(t, filter, b))))(input) as Tensor4D;
      return add(mean(square(layer(input, filter, b))), gradientPenalty(inner));
    };
    await expectAgreement(() => [layer(x(), weight(), bias())]);
    await expectAgreement(() => grads(loss)([x(), weight(), bias()]), 1e-4);
  });
});

/** Blocks 3 -> 8 -> 8 and a tail to one score, and the loss a discriminator is trained by. */
function criticGradients(): Tensor[] {
  const x = random<Tensor4D>([1, 15, 19, 3], 10);
  const parameters = [
    random([3, 3, 3, 8], 11, 0.3),
    random([8], 12, 0.2, 1),
    random([8], 13, 0.2),
    random([3, 3, 8, 8], 14, 0.2),
    random([8], 15, 0.2, 1),
    random([8], 16, 0.2),
    random([3, 3, 8, 1], 17, 0.2),
    random([1], 18),
  ];
  const score = (input: Tensor4D, p: Tensor[]): Tensor4D => {
    const [w0, g0, b0, w1, g1, b1, w2, bias] = p as [
      Tensor4D,
      Tensor1D,
      Tensor1D,
      Tensor4D,
      Tensor1D,
      Tensor1D,
      Tensor4D,
      Tensor1D,
    ];
    const first = convBlock({ x: input, weight: w0, gamma: g0, beta: b0, slope: 0.2 }).y;
    const second = convBlock({ x: first, weight: w1, gamma: g1, beta: b1, slope: 0.2 }).y;
    return convActivation({ x: second, weight: w2, bias, slope: 1 });
  };
  const loss = (...[input, ...p]: Tensor[]): Scalar => {
    const inner = grad((t) => sum(score(t as Tensor4D, p)))(input as Tensor) as Tensor4D;
    return add(mean(score(input as Tensor4D, p)), mul(gradientPenalty(inner), 10));
  };
  return grads(loss)([x, ...parameters]);
}

describe('the wasm kernels', () => {
  it('give convBlock the values and statistics of the composed kernel', async () => {
    await expectAgreement(() => {
      const [weight, gamma, beta] = [
        random<Tensor4D>([3, 3, 3, 7], 2),
        random<Tensor1D>([7], 3),
        random<Tensor1D>([7], 4),
      ];
      const x = random<Tensor4D>([1, 12, 17, 3], 1, 1, 4);
      const { y, mean: average, variance } = convBlock({ x, weight, gamma, beta, slope: 0.2 });
      return [y, average, variance];
    });
  });

  it('give a critic the first and second derivatives of the composed kernels', async () => {
    await expectAgreement(criticGradients, 1e-4);
  });

  it('resize, and differentiate it, as the composed kernels do', async () => {
    for (const [height, width] of [
      [5, 30],
      [22, 7],
      [14, 11],
    ] as const) {
      const resized = (t: Tensor) => resize(t as Tensor4D, { height, width });
      await expectAgreement(() => {
        const x = random<Tensor4D>([1, 14, 11, 4], 20);
        return [resized(x), grad((t) => sum(square(resized(t))))(x)];
      });
    }
  });

  it('give the same bytes for the same training step', async () => {
    const first = await valuesOn('wasm', criticGradients);
    const second = await valuesOn('wasm', criticGradients);
    expect(second.map((values) => Buffer.from(values.buffer).toString('hex'))).toEqual(
      first.map((values) => Buffer.from(values.buffer).toString('hex')),
    );
  });

  it('leave nothing on the heap, inside a kernel or outside', async () => {
    await setBackend('wasm');
    const step = () => {
      tidy(() => {
        criticGradients();
        resize(random<Tensor4D>([1, 6, 5, 3], 1), { height: 4, width: 9 });
      });
    };
    step();
    const [tensors, buffers] = [memory().numTensors, engine().backend.numDataIds()];
    for (let i = 0; i < 50; i++) step();
    expect(memory().numTensors).toBe(tensors);
    expect(engine().backend.numDataIds()).toBe(buffers);
  });
});
