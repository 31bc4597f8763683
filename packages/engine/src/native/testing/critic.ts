import { convActivation, convBlock, gradientPenalty } from '@singan/ops';
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

/** Blocks 3 -> channels -> channels and a tail to one score: gradients of the loss a discriminator is trained by. */
export function criticGradients(channels: number): Tensor[] {
  const x = random<Tensor4D>([1, 15, 19, 3], 10);
  const parameters = [
    random([3, 3, 3, channels], 11, 0.3),
    random([channels], 12, 0.2, 1),
    random([channels], 13, 0.2),
    random([3, 3, channels, channels], 14, 0.2),
    random([channels], 15, 0.2, 1),
    random([channels], 16, 0.2),
    random([3, 3, channels, 1], 17, 0.2),
    random([1], 18),
  ];
  const score = (input: Tensor4D, p: Tensor[]): Tensor4D => {
    const [w0, g0, b0, w1, g1, b1, w2, bias] = p as Critic;
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
