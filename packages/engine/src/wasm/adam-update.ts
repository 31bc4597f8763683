import type { AdamUpdateAttrs, AdamUpdateInputs, AdamUpdateOutputs, Compute } from '@singan/ops';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, valuesOf } from './heap.ts';

export const wasmAdamUpdate: Compute<AdamUpdateInputs, AdamUpdateAttrs, AdamUpdateOutputs> = (
  inputs,
  attrs,
  backend,
) => {
  const count = inputs.length / 4;
  const outputs = [...inputs.slice(0, count), ...inputs.slice(2 * count)].map(({ shape }) => allocate(backend, shape));
  for (let i = 0; i < count; i++) {
    const place = (list: readonly TensorInfo[], part: number) => valuesAt(backend, list, part * count + i);
    update(
      { variable: place(inputs, 0), gradient: place(inputs, 1), first: place(inputs, 2), second: place(inputs, 3) },
      { variable: place(outputs, 0), first: place(outputs, 1), second: place(outputs, 2) },
      attrs,
    );
  }
  return outputs;
};

function valuesAt(backend: KernelBackend, list: readonly TensorInfo[], index: number): Float32Array {
  return valuesOf(backend, list[index] as TensorInfo);
}

interface State {
  readonly variable: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

function update(from: State & { readonly gradient: Float32Array }, to: State, attrs: AdamUpdateAttrs): void {
  const { beta1, beta2, epsilon, step } = attrs;
  const rate = attrs.learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < to.variable.length; i++) {
    const gradient = from.gradient[i] as number;
    const first = beta1 * (from.first[i] as number) + (1 - beta1) * gradient;
    const second = beta2 * (from.second[i] as number) + (1 - beta2) * gradient * gradient;
    to.first[i] = first;
    to.second[i] = second;
    to.variable[i] = (from.variable[i] as number) - (rate * first) / (Math.sqrt(second) * correction + epsilon);
  }
}
