import { convActivation, convBlock, convNet, gradientPenalty } from '@singan/ops';
import {
  add,
  grad,
  grads,
  mean,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { random } from './agreement.ts';

type Critic = [Tensor4D, Tensor1D, Tensor1D, Tensor4D, Tensor1D, Tensor1D, Tensor4D, Tensor1D];

const SLOPE = 0.2;

/** A critic of two blocks and a tail, from a block at a time or as one net. */
const SCORES = {
  blocks: (x: Tensor4D, [w0, g0, b0, w1, g1, b1, w2, bias]: Critic): Tensor4D => {
    const first = convBlock({ x, weight: w0, gamma: g0, beta: b0, slope: SLOPE }).y;
    const second = convBlock({ x: first, weight: w1, gamma: g1, beta: b1, slope: SLOPE }).y;
    return convActivation({ x: second, weight: w2, bias, slope: 1 });
  },
  net: (x: Tensor4D, [w0, g0, b0, w1, g1, b1, w2, bias]: Critic): Tensor4D => {
    const blocks = [
      { weight: w0, gamma: g0, beta: b0 },
      { weight: w1, gamma: g1, beta: b1 },
    ];
    const { y, statistics } = convNet({ x, blocks, tail: { weight: w2, bias }, slope: SLOPE });
    statistics.dispose();
    return y;
  },
};

/** Blocks 3 -> channels -> channels and a tail to one score: gradients of the loss a discriminator is trained by. */
export function criticGradients(channels: number, way: keyof typeof SCORES = 'net'): Tensor[] {
  const x = random<Tensor4D>([1, 15, 19, 3], 10);
  const parameters = criticParameters(channels);
  const score = (input: Tensor, p: Tensor[]) => SCORES[way](input as Tensor4D, p as Critic);
  const loss = (...[input, ...p]: Tensor[]): Scalar => {
    const inner = grad((t) => sum(score(t, p)))(input as Tensor) as Tensor4D;
    return add(mean(score(input as Tensor, p)), mul(gradientPenalty(inner), 10));
  };
  return grads(loss)([x, ...parameters]);
}

/** What a net of two blocks gives besides its gradients. */
export function netOutputs(channels: number): Tensor[] {
  const [w0, g0, b0, w1, g1, b1, w2, bias] = criticParameters(channels) as Critic;
  const blocks = [
    { weight: w0, gamma: g0, beta: b0 },
    { weight: w1, gamma: g1, beta: b1 },
  ];
  const { y, statistics } = convNet({ x: random([1, 11, 14, 3], 9), blocks, tail: { weight: w2, bias }, slope: SLOPE });
  const values = [y, mul(statistics, 1)];
  statistics.dispose();
  return values;
}

function criticParameters(channels: number): Tensor[] {
  return [
    random([3, 3, 3, channels], 11, 0.3),
    random([channels], 12, 0.2, 1),
    random([channels], 13, 0.2),
    random([3, 3, channels, channels], 14, 0.2),
    random([channels], 15, 0.2, 1),
    random([channels], 16, 0.2),
    random([3, 3, channels, 1], 17, 0.2),
    random([1], 18),
  ];
}
