import { add, div, mul, sqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { adamUpdateKernel } from '../kernels/adam-update.ts';
import type { ComposedOf } from './composed-of.ts';

export const composedAdamUpdate: ComposedOf<typeof adamUpdateKernel> = (inputs, attrs) =>
  tidy(() => {
    // TF.js hands the inputs over as an object with the list's indices as keys.
    const tensors = Object.values(inputs) as Tensor[];
    const count = tensors.length / 4;
    const [variables, gradients, firsts, seconds] = [0, 1, 2, 3].map((part) =>
      tensors.slice(part * count, (part + 1) * count),
    ) as [Tensor[], Tensor[], Tensor[], Tensor[]];
    const { beta1, beta2, epsilon, step } = attrs;
    const rate = attrs.learningRate / (1 - beta1 ** step);
    const correction = Math.sqrt(1 - beta2 ** step);
    const newFirsts = firsts.map((first, i) => add(mul(first, beta1), mul(gradients[i] as Tensor, 1 - beta1)));
    const newSeconds = seconds.map((second, i) =>
      add(mul(second, beta2), mul(square(gradients[i] as Tensor), 1 - beta2)),
    );
    const updated = variables.map((variable, i) => {
      const deviation = add(div(sqrt(newSeconds[i] as Tensor), correction), epsilon);
      return sub(variable, mul(div(newFirsts[i] as Tensor, deviation), rate));
    });
    return [...updated, ...newFirsts, ...newSeconds];
  });
