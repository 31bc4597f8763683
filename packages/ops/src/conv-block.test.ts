import {
  add,
  conv2d,
  div,
  grad,
  grads,
  leakyRelu,
  mean,
  moments,
  mul,
  profile,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convActivation } from './conv-activation.ts';
import { convBlock } from './conv-block.ts';
import {
  convolve,
  filterOf,
  type Image,
  imageOf,
  leakyRelu as leakyRelu64,
  normalize,
  statisticsOf,
} from './float64-oracle.ts';
import { gradientPenalty } from './gradient-penalty.ts';
import {
  expectClose,
  expectNoLeak,
  parametersOf,
  random,
  registerStockConvGradient,
  type SmallNet,
  smallNet,
  startComposedOnCpu,
  withParameters,
} from './test-support.ts';

const SLOPE = 0.2;

beforeAll(async () => {
  await startComposedOnCpu();
  registerStockConvGradient();
});

function score(net: SmallNet, x: Tensor4D): Tensor4D {
  const features = net.blocks.reduce((y, block) => convBlock({ ...block, x: y, slope: SLOPE }).y, x);
  return convActivation({ ...net.tail, x: features, slope: 1 });
}

/** The same net of stock ops, differentiated by TF.js's tape alone. */
function plainScore(net: SmallNet, x: Tensor4D): Tensor4D {
  const features = net.blocks.reduce((y, { weight, gamma, beta }) => {
    const convolved = conv2d(y, weight, 1, 'valid');
    const { mean: average, variance } = moments(convolved, [0, 1, 2]);
    const normalized = div(sub(convolved, average), sqrt(add(variance, 1e-5)));
    return leakyRelu(add<Tensor4D>(mul(normalized, gamma), beta), SLOPE);
  }, x);
  return add(conv2d(features, net.tail.weight, 1, 'valid'), net.tail.bias);
}

type Score = typeof score;

const penaltyOf = (scoreOf: Score, net: SmallNet, x: Tensor4D): Scalar =>
  gradientPenalty(grad((input) => sum(scoreOf(net, input as Tensor4D)))(x) as Tensor4D);

/** The score beside the penalty: the penalty alone does not depend on the tail's bias. */
const criticLoss = (scoreOf: Score, net: SmallNet, x: Tensor4D): Scalar =>
  add(mean<Scalar>(scoreOf(net, x)), penaltyOf(scoreOf, net, x));

/** Gradients of a loss with respect to the input and every parameter. */
function gradientsOf(loss: (net: SmallNet, x: Tensor4D) => Scalar, x: Tensor4D): [string, Tensor][] {
  const parameters = parametersOf(smallNet());
  const all = grads((...tensors: Tensor[]) => loss(withParameters(tensors.slice(1)), tensors[0] as Tensor4D));
  const results = all([x, ...parameters.map(([, t]) => t)]);
  return ['x', ...parameters.map(([name]) => name)].map((name, i) => [name, results[i] as Tensor]);
}

function expectSameGradients(loss: (scoreOf: Score) => (net: SmallNet, x: Tensor4D) => Scalar): void {
  const x = random<Tensor4D>([1, 11, 9, 3], 1);
  const expected = gradientsOf(loss(plainScore), x);
  for (const [i, [name, actual]] of gradientsOf(loss(score), x).entries()) {
    const [, wanted] = expected[i] as [string, Tensor];
    expect(actual.shape, name).toEqual(wanted.shape);
    expectClose(actual.dataSync(), wanted.dataSync(), 1e-4);
  }
}

const total = (values: Float64Array): number => values.reduce((sum64, value) => sum64 + value, 0);

function score64(parameters: readonly Float64Array[], x: Image): Float64Array {
  const [w0, g0, b0, w1, g1, b1, w2, bias] = parameters as Float64Array[] & { length: 8 };
  const filters = [
    { channels: 3, outputs: 5, values: w0 as Float64Array },
    { channels: 5, outputs: 4, values: w1 as Float64Array },
    { channels: 4, outputs: 1, values: w2 as Float64Array },
  ] as const;
  const first = leakyRelu64(normalize(convolve(x, filters[0]), g0 as Float64Array, b0 as Float64Array), SLOPE);
  const second = leakyRelu64(normalize(convolve(first, filters[1]), g1 as Float64Array, b1 as Float64Array), SLOPE);
  return convolve(second, filters[2]).values.map((value) => value + (bias?.[0] as number));
}

/** criticLoss in double precision, the penalty's inner gradient by central differences. */
function criticLoss64(parameters: readonly Float64Array[], x: Image): number {
  const step = 1e-5;
  const gradient = x.values.map((value, i) => {
    const at = (shifted: number) => total(score64(parameters, { ...x, values: x.values.with(i, shifted) }));
    return (at(value + step) - at(value - step)) / (2 * step);
  });
  let penalty = 0;
  for (let i = 0; i < gradient.length; i += 3) penalty += (Math.hypot(...gradient.subarray(i, i + 3)) - 1) ** 2;
  const scores = score64(parameters, x);
  return total(scores) / scores.length + penalty / (gradient.length / 3);
}

describe('convBlock', () => {
  it('convolves, normalises with the statistics of the image and activates', () => {
    const [x, { blocks }] = [random<Tensor4D>([1, 9, 12, 3], 3), smallNet()];
    const block = blocks[0] as SmallNet['blocks'][number];
    const convolved = convolve(imageOf(x), filterOf(block.weight));
    const [gamma, beta] = [block.gamma, block.beta].map((t) => Float64Array.from(t.dataSync())) as [
      Float64Array,
      Float64Array,
    ];
    const result = convBlock({ ...block, x, slope: SLOPE });
    expect(result.y.shape).toEqual([1, 7, 10, 5]);
    expectClose(result.y.dataSync(), leakyRelu64(normalize(convolved, gamma, beta), SLOPE).values, 1e-5);
    expectClose(result.mean.dataSync(), statisticsOf(convolved).mean, 1e-5);
    expectClose(result.variance.dataSync(), statisticsOf(convolved).variance, 1e-5);
  });

  it('has the gradients of the same net made of stock ops', () => {
    expectSameGradients((scoreOf) => (net, x) => mean(square(scoreOf(net, x))));
  });

  it('has the second derivatives of the same net made of stock ops', () => {
    expectSameGradients((scoreOf) => (net, x) => criticLoss(scoreOf, net, x));
  });

  it('has the second derivatives found by differences in double precision', () => {
    const x = random<Tensor4D>([1, 9, 8, 3], 5);
    const gradients = gradientsOf((net, input) => criticLoss(score, net, input), x).slice(1);
    const parameters = parametersOf(smallNet()).map(([, t]) => Float64Array.from(t.dataSync()));
    const step = 1e-5;
    for (const [index, [name, gradient]] of gradients.entries()) {
      const direction = random<Tensor1D>([gradient.size], 200 + index).dataSync();
      const along = (t: number) => {
        const moved = parameters.map((p, i) => (i === index ? p.map((v, k) => v + t * (direction[k] as number)) : p));
        return criticLoss64(moved, imageOf(x));
      };
      const numeric = (along(step) - along(-step)) / (2 * step);
      const values = gradient.dataSync<'float32'>();
      const analytic = values.reduce((sum64, value, k) => sum64 + value * (direction[k] as number), 0);
      expect(Math.abs(analytic - numeric), name).toBeLessThanOrEqual(1e-3 * Math.max(1e-2, Math.abs(numeric)));
    }
  });

  it('computes no gradient of a filter where only that of the input is asked for', async () => {
    const [x, net] = [random<Tensor4D>([1, 11, 9, 3], 1), smallNet()];
    const { kernelNames } = await profile(() => grad((input) => sum(score(net, input as Tensor4D)))(x));
    expect(kernelNames).toContain('Conv3x3InputGrad');
    expect(kernelNames).not.toContain('Conv3x3FilterGrad');
  });

  it('leaves no tensor behind, forwards, backwards and twice backwards', () => {
    const [x, net] = [random<Tensor4D>([1, 9, 8, 3], 1), smallNet()];
    const block = net.blocks[0] as SmallNet['blocks'][number];
    expectNoLeak(() => {
      const { y, mean: average, variance } = convBlock({ ...block, x, slope: SLOPE });
      for (const t of [y, average, variance]) t.dispose();
    });
    expectNoLeak(() => {
      tidy(() => void penaltyOf(score, net, x));
    });
  });

  it('says what fits when the shapes do not', () => {
    const [x, { blocks }] = [random<Tensor4D>([1, 9, 8, 4], 1), smallNet()];
    const block = blocks[0] as SmallNet['blocks'][number];
    expect(() => convBlock({ ...block, x, slope: SLOPE })).toThrow(/\[1,9,8,4\] and weight \[3,3,3,5\]/);
    expect(() => convBlock({ ...block, x: random([1, 9, 8, 3], 1), slope: 1.5 })).toThrow(/slope in 0..1, got 1.5/);
  });
});
