import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';

const cpu = new MathBackendCPU();

type KernelArguments = Parameters<KernelFunc>[0];

/** Runs a kernel of TF.js's JavaScript backend on copies of the values: right for everything, and slow. */
export function runOnCpu(kernelName: string, { inputs, attrs, backend }: KernelArguments): TensorInfo | TensorInfo[] {
  const kernel = getKernel(kernelName, 'cpu');
  if (!kernel) throw new Error(`TF.js has no kernel ${kernelName}`);
  const native = backend as NativeBackend;
  const copies: TensorInfo[] = [];
  const results: TensorInfo[] = [];
  try {
    const copied = mapInputs(inputs, (info) => {
      const copy = cpu.makeTensorInfo(info.shape, info.dtype, native.readSync(info.dataId));
      copies.push(copy);
      return copy;
    });
    const result = kernel.kernelFunc({ inputs: copied, backend: cpu, ...(attrs === undefined ? {} : { attrs }) });
    results.push(...[result].flat());
    const outputs = results.map(({ dataId, shape, dtype }) => {
      return { dataId: native.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
    });
    return Array.isArray(result) ? outputs : (outputs[0] as TensorInfo);
  } finally {
    for (const { dataId } of [...copies, ...results]) cpu.disposeData(dataId, true);
  }
}

/** Kernels with a list of inputs get a list, the others a record. */
function mapInputs(inputs: NamedTensorInfoMap, copy: (info: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  if (Array.isArray(inputs)) return inputs.map(copy) as unknown as NamedTensorInfoMap;
  const entries = Object.entries(inputs).filter((entry): entry is [string, TensorInfo] => entry[1] != null);
  return Object.fromEntries(entries.map(([name, info]) => [name, copy(info)]));
}

/** Gives the backend every stock kernel it has none of. */
export function registerCpuKernels(backendName: string): void {
  for (const { kernelName } of getKernelsForBackend('cpu')) {
    if (getKernel(kernelName, backendName)) continue;
    registerKernel({ kernelName, backendName, kernelFunc: (call) => runOnCpu(kernelName, call) });
  }
}
