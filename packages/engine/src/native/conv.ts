import {
  type Compute,
  convActivationGradGradKernel,
  convActivationGradKernel,
  convActivationKernel,
  convBlockGradGradKernel,
  convBlockGradKernel,
  convBlockKernel,
  convFilterGradKernel,
  convInputGradKernel,
  convKernel,
  type Kernel,
  type KernelOutputs,
} from '@singan/ops';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { BACKEND_NAME } from './kernel.ts';

type NativeCompute<Inputs, Attrs, Outputs> = (
  inputs: Inputs,
  attrs: Attrs,
  backend: NativeBackend,
) => ReturnType<Compute<Inputs, Attrs, Outputs>>;

/** Registers the addon's way of a kernel of this project. */
export function implement<Inputs, Attrs, Outputs extends KernelOutputs>(
  kernel: Kernel<Inputs, Attrs, Outputs>,
  compute: NativeCompute<Inputs, Attrs, Outputs>,
): void {
  kernel.implement(BACKEND_NAME, (inputs, attrs, backend: KernelBackend) =>
    compute(inputs, attrs, backend as NativeBackend),
  );
}

type ImageSize = [height: number, width: number, channels: number];

const sizeOf = ({ shape }: TensorInfo) => shape.slice(1) as ImageSize;
const lastOf = ({ shape }: TensorInfo) => shape.at(-1) as number;

/** Shape of a valid convolution's result. */
function convolvedShape({ shape }: TensorInfo, channels: number): number[] {
  const [batch, height, width] = shape as [number, number, number];
  return [batch, height - 2, width - 2, channels];
}

export function implementConv(): void {
  implement(convKernel, ({ x, weight }, _attrs, backend) => {
    const out = lastOf(weight);
    const tensor = backend.addon.conv(backend.tensorOf(x), ...sizeOf(x), backend.tensorOf(weight), out);
    return backend.output(tensor, convolvedShape(x, out));
  });
  implement(convInputGradKernel, ({ dConvolved, weight }, _attrs, backend) => {
    const channels = weight.shape[2];
    const [batch, height, width] = dConvolved.shape;
    const from = backend.tensorOf(dConvolved);
    const tensor = backend.addon.convInputGrad(from, ...sizeOf(dConvolved), backend.tensorOf(weight), channels);
    return backend.output(tensor, [batch, height + 2, width + 2, channels]);
  });
  implement(convFilterGradKernel, ({ x, dConvolved }, _attrs, backend) => {
    const out = lastOf(dConvolved);
    const tensor = backend.addon.convFilterGrad(backend.tensorOf(x), ...sizeOf(x), backend.tensorOf(dConvolved), out);
    return backend.output(tensor, [3, 3, lastOf(x), out]);
  });
}

export function implementConvActivation(): void {
  implement(convActivationKernel, ({ x, weight, bias }, { slope }, backend) => {
    const [from, weights, biases] = [x, weight, bias].map((t) => backend.tensorOf(t)) as [number, number, number];
    const tensor = backend.addon.convActivation(from, ...sizeOf(x), weights, biases, slope);
    return backend.output(tensor, convolvedShape(x, lastOf(weight)));
  });
  implement(convActivationGradKernel, ({ dy, y }, { slope }, backend) => {
    backend.addon.convActivationGrad(backend.tensorOf(dy), ...sizeOf(dy), backend.tensorOf(y), slope, backend.outputs);
    const [dConvolved, dBias] = backend.outputs as unknown as [number, number];
    return [backend.output(dConvolved, dy.shape), backend.output(dBias, [lastOf(dy)])];
  });
  implement(convActivationGradGradKernel, ({ r, y }, { slope }, backend) => {
    const tensor = backend.addon.convActivationGradGrad(backend.tensorOf(r), ...sizeOf(r), backend.tensorOf(y), slope);
    return backend.output(tensor, r.shape);
  });
}

/**
 * What the derivatives need stays with y in the addon. The residual is empty: TF.js makes zeros in JavaScript, of its
 * size, as the cotangent of every output that has none, and copies them over.
 */
export function implementConvBlock(): void {
  implement(convBlockKernel, ({ x, weight, gamma, beta }, { slope, epsilon }, backend) => {
    const [weights, gammas, betas] = [weight, gamma, beta].map((t) => backend.tensorOf(t)) as [number, number, number];
    const from = backend.tensorOf(x);
    backend.addon.convBlock(from, ...sizeOf(x), weights, gammas, betas, slope, epsilon, backend.outputs);
    const [y, mean, variance] = backend.outputs as unknown as [number, number, number];
    return [
      backend.output(y, convolvedShape(x, lastOf(weight))),
      backend.output(mean, gamma.shape),
      backend.output(variance, gamma.shape),
      backend.output(backend.addon.fill(0, 0), [1, 0, 0, lastOf(weight)]),
    ];
  });
  implement(convBlockGradKernel, ({ dy, y, gamma, beta }, _attrs, backend) => {
    backend.addon.convBlockGrad(backend.tensorOf(dy), ...sizeOf(dy), backend.tensorOf(y), backend.outputs);
    const [dConvolved, dGamma, dBeta] = backend.outputs as unknown as [number, number, number];
    return [
      backend.output(dConvolved, dy.shape),
      backend.output(dGamma, gamma.shape),
      backend.output(dBeta, beta.shape),
    ];
  });
  implement(convBlockGradGradKernel, ({ r, dy, y, gamma }, _attrs, backend) => {
    backend.addon.convBlockGradGrad(
      backend.tensorOf(r),
      ...sizeOf(r),
      backend.tensorOf(dy),
      backend.tensorOf(y),
      backend.outputs,
    );
    const [dDy, dConvolved, dGamma] = backend.outputs as unknown as [number, number, number];
    return [backend.output(dDy, r.shape), backend.output(dConvolved, r.shape), backend.output(dGamma, gamma.shape)];
  });
}
