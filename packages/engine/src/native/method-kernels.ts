import {
  adamUpdateKernel,
  gradientPenaltyGradKernel,
  gradientPenaltyKernel,
  noiseKernel,
  resizeGradKernel,
  resizeKernel,
  resizeWeights,
  transposedResizeWeights,
} from '@singan/ops';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { implement } from './conv.ts';

/** Noise, resize, gradient penalty and Adam. */
export function implementMethodKernels(): void {
  implement(noiseKernel, (_inputs, { shape, seed, stream, counter }, backend) => {
    return backend.output(backend.addon.noise(util.sizeFromShape([...shape]), seed, stream, ...counter), shape);
  });
  implement(resizeKernel, ({ x }, { height, width }, backend) => {
    const [batch, rows, columns, channels] = x.shape;
    const down = resizeWeights(rows, height);
    const across = resizeWeights(columns, width);
    const tensor = backend.addon.resize(
      backend.tensorOf(x),
      channels,
      ...[rows, height, down.positions, down.values],
      ...[columns, width, across.positions, across.values],
    );
    return backend.output(tensor, [batch, height, width, channels]);
  });
  implement(resizeGradKernel, ({ dy }, { height, width }, backend) => {
    const [batch, rows, columns, channels] = dy.shape;
    const down = transposedResizeWeights(height, rows);
    const across = transposedResizeWeights(width, columns);
    // A resize with the transposed weights: the addon needs no other walk for it.
    const tensor = backend.addon.resize(
      backend.tensorOf(dy),
      channels,
      ...[rows, height, down.positions, down.values],
      ...[columns, width, across.positions, across.values],
    );
    return backend.output(tensor, [batch, height, width, channels]);
  });
  implement(gradientPenaltyKernel, ({ gradient }, _attrs, backend) =>
    backend.output(backend.addon.gradientPenalty(backend.tensorOf(gradient), gradient.shape[3]), []),
  );
  implement(gradientPenaltyGradKernel, ({ dy, gradient }, _attrs, backend) => {
    const [from, factor] = [backend.tensorOf(gradient), backend.tensorOf(dy)];
    return backend.output(backend.addon.gradientPenaltyGrad(from, gradient.shape[3], factor), gradient.shape);
  });
  implementAdamUpdate();
}

function implementAdamUpdate(): void {
  implement(adamUpdateKernel, (inputs, { step, learningRate, beta1, beta2, epsilon }, backend) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const count = tensors.length / 4;
    const outputs = new Int32Array(3 * count);
    backend.addon.adamUpdate(
      learningRate / (1 - beta1 ** step),
      beta1,
      beta2,
      epsilon,
      Math.sqrt(1 - beta2 ** step),
      Int32Array.from(tensors, (tensor) => backend.tensorOf(tensor)),
      outputs,
    );
    return Array.from(outputs, (output, i) => backend.output(output, (tensors[i % count] as TensorInfo).shape));
  });
}
