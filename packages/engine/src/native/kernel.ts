import { type KernelFunc, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { runOnCpu } from './cpu-kernels.ts';

export const BACKEND_NAME = 'native';

export interface KernelCall<Attrs> {
  readonly backend: NativeBackend;
  /** By name; lists (AddN, Concat) by index. All are float32. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Attrs;
}

/** Null: a case for the JavaScript kernel. */
export type StockKernel<Attrs> = (call: KernelCall<Attrs>) => TensorInfo | null;

/** Registers the addon's way of a stock TF.js kernel; other types than float32 go to the JavaScript kernel. */
export function implementStock<Attrs extends object>(kernelName: string, compute: StockKernel<Attrs>): void {
  const kernelFunc: KernelFunc = (call) => {
    const inputs = call.inputs as unknown as Record<string, TensorInfo>;
    const isFloat = Object.values(inputs).every(({ dtype }) => dtype === 'float32');
    const backend = call.backend as NativeBackend;
    const result = isFloat ? compute({ backend, inputs, attrs: call.attrs as unknown as Attrs }) : null;
    return result ?? runOnCpu(kernelName, call);
  };
  registerAnyType(kernelName, kernelFunc);
}

/** Registers a kernel that takes every type. */
export function registerAnyType(kernelName: string, kernelFunc: KernelFunc): void {
  registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc });
}
