import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { runOnCpu } from './cpu-kernels.ts';
import { implementStock, registerAnyType } from './kernel.ts';

/** Kernels that make, share or convert tensors. */
export function implementTensors(): void {
  registerAnyType('Identity', ({ inputs, backend }) => {
    const x = inputs.x as TensorInfo;
    return (backend as NativeBackend).share(x, x.shape);
  });
  registerAnyType('Reshape', ({ inputs, attrs, backend }) => {
    const x = inputs.x as TensorInfo;
    const { shape } = attrs as unknown as { shape: number[] };
    return (backend as NativeBackend).share(x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape)));
  });
  registerAnyType('Cast', (call) => {
    const x = call.inputs.x as TensorInfo;
    const { dtype } = call.attrs as unknown as { dtype: DataType };
    return x.dtype === dtype ? (call.backend as NativeBackend).share(x, x.shape) : runOnCpu('Cast', call);
  });
  registerAnyType('Fill', (call) => {
    const { shape, value, dtype } = call.attrs as unknown as { shape: number[]; value: unknown; dtype?: DataType };
    const isFloat = typeof value === 'number' && (dtype ?? 'float32') === 'float32';
    return isFloat ? filled(call.backend as NativeBackend, shape, value) : runOnCpu('Fill', call);
  });
  implementStock('ZerosLike', ({ backend, inputs }) => filled(backend, (inputs.x as TensorInfo).shape, 0));
  implementStock('OnesLike', ({ backend, inputs }) => filled(backend, (inputs.x as TensorInfo).shape, 1));
}

function filled(backend: NativeBackend, shape: readonly number[], value: number): TensorInfo {
  return backend.output(backend.addon.fill(util.sizeFromShape([...shape]), value), shape);
}
