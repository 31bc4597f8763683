import { cpus } from 'node:os';
import { registerComposedKernels } from '@singan/ops';
import { findBackend, registerBackend } from '@tensorflow/tfjs-core';
import { loadAddon } from './addon.ts';
import { NativeBackend } from './backend.ts';
import { implementConv, implementConvActivation, implementConvBlock } from './conv.ts';
import { implementConvNet } from './conv-net.ts';
import { registerCpuKernels } from './cpu-kernels.ts';
import { implementElementwise } from './elementwise.ts';
import { BACKEND_NAME } from './kernel.ts';
import { implementMethodKernels } from './method-kernels.ts';
import { implementReductions } from './reductions.ts';
import { implementShapes } from './shapes.ts';
import { implementStepGradients } from './step-gradients.ts';
import { implementTensors } from './tensors.ts';

export interface NativeOptions {
  /** Instruction set: 'avx512', 'avx2' or 'portable'; the fastest of this processor when absent. */
  readonly nativeIsa?: string;
  /** As many as this process may use when absent. */
  readonly nativeThreads?: number;
}

/** The backend on the C++ addon. A process starts it once; later options have no effect. */
export async function startNative({ nativeIsa = '', nativeThreads = 0 }: NativeOptions = {}) {
  let backend = findBackend(BACKEND_NAME) as NativeBackend | null;
  if (backend === null) {
    const addon = loadAddon();
    addon.start(nativeIsa, nativeThreads);
    const started = new NativeBackend(addon);
    registerBackend(BACKEND_NAME, () => started);
    registerKernels();
    backend = started;
  }
  const { addon } = backend;
  return { isa: addon.isa(), threads: addon.threads(), device: cpus()[0]?.model ?? 'unknown' };
}

function registerKernels(): void {
  implementTensors();
  implementElementwise();
  implementReductions();
  implementShapes();
  implementConv();
  implementConvActivation();
  implementConvBlock();
  implementConvNet();
  implementStepGradients();
  implementMethodKernels();
  // The project's own first: the cpu engine may have been started before, and its versions of them take cpu tensors only.
  registerComposedKernels(BACKEND_NAME);
  registerCpuKernels(BACKEND_NAME);
}
