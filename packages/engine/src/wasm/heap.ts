import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getKernel, type KernelBackend, type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** The float32 values of a tensor, in place on the WebAssembly heap. Any later allocation may detach the view: allocate first. */
export function valuesOf(backend: KernelBackend, info: TensorInfo): Float32Array {
  return (backend as BackendWasm).typedArrayFromHeap(info) as Float32Array;
}

/** The whole WebAssembly heap as float32, and where in it each tensor begins. Any later allocation may detach it. */
export function heapPositions(
  backend: KernelBackend,
  ...infos: readonly TensorInfo[]
): { heap: Float32Array; positions: number[] } {
  const views = infos.map((info) => valuesOf(backend, info));
  const { buffer } = views[0] as Float32Array;
  return { heap: new Float32Array(buffer), positions: views.map(({ byteOffset }) => byteOffset / 4) };
}

/** A new float32 tensor with undefined values. */
export function allocate(backend: KernelBackend, shape: readonly number[]): TensorInfo {
  return (backend as BackendWasm).makeOutput([...shape], 'float32');
}

/** Frees a tensor made by `allocate` or `runStock` that does not leave its kernel. */
export function release(backend: KernelBackend, info: TensorInfo): void {
  backend.disposeData(info.dataId);
}

/** The same data under another shape, without owning it. */
export function viewAs(info: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: info.dataId, shape: [...shape], dtype: info.dtype };
}

/** Runs one of the backend's own kernels below TF.js's engine: no tape, no scope, no bookkeeping. */
export function runStock(backend: KernelBackend, name: string, inputs: object, attrs: object): TensorInfo {
  const kernel = getKernel(name, 'wasm');
  util.assert(kernel !== undefined, () => `expected the wasm backend to have a kernel ${name}`);
  return kernel.kernelFunc({
    inputs: inputs as Record<string, TensorInfo>,
    attrs: attrs as NamedAttrMap,
    backend,
  }) as TensorInfo;
}
