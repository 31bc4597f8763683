import { convNetFilterGradsKernel, convNetGradGradKernel, convNetGradKernel, convNetKernel } from '@singan/ops';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { implement } from './conv.ts';

const NOTHING = [0];

/** A whole net as one call for each direction. */
export function implementConvNet(): void {
  implement(convNetKernel, (inputs, { slope, epsilon }, backend) => {
    const [x, ...parameters] = Object.values<TensorInfo>(inputs) as [TensorInfo, ...TensorInfo[]];
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const numbers = Int32Array.from(parameters, (parameter) => backend.tensorOf(parameter));
    const from = backend.tensorOf(x);
    backend.addon.netForward(from, height, width, channels, numbers, slope, epsilon, backend.outputs);
    const [y, statistics, pass] = backend.outputs as unknown as [number, number, number];
    const layers = (parameters.length + 1) / 3;
    const size = [batch, height - 2 * layers, width - 2 * layers, parameters.at(-1)?.shape[0] as number];
    return [
      backend.output(y, size),
      backend.output(statistics, [backend.addon.size(statistics)]),
      backend.output(pass, NOTHING),
    ];
  });
  implement(convNetGradKernel, ({ dy, pass }, { inputShape }, backend) => {
    backend.addon.netGrad(backend.tensorOf(dy), backend.tensorOf(pass), backend.outputs);
    const [dx, gradient] = backend.outputs as unknown as [number, number];
    return [backend.output(dx, inputShape), backend.output(gradient, NOTHING)];
  });
  implement(convNetGradGradKernel, ({ u, gradient }, { inputShape, outputShape }, backend) => {
    backend.addon.netGradGrad(backend.tensorOf(u), backend.tensorOf(gradient), backend.outputs);
    const [dDy, dx, second] = backend.outputs as unknown as [number, number, number];
    return [backend.output(dDy, outputShape), backend.output(dx, inputShape), backend.output(second, NOTHING)];
  });
  implement(convNetFilterGradsKernel, ({ gradient }, { shapes }, backend) => {
    backend.addon.netFilterGrads(backend.tensorOf(gradient), backend.outputs);
    return shapes.map((shape, index) => backend.output(backend.outputs[index] as number, shape));
  });
}
