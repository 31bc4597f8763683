import { findBackend } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { BACKEND_NAME } from './kernel.ts';

/** What one kind of kernel took since the last look. */
export interface KernelProfile {
  readonly kernel: string;
  readonly calls: number;
  readonly seconds: number;
  /** 10^9 multiplications and additions, as the direct way of a convolution would need them; 0 for other kernels. */
  readonly gigaFlops: number;
}

/**
 * Times every kernel of the native engine from now on, for the rest of the process.
 * @returns reads and resets what was gathered; null when another engine runs
 */
export function profileKernels(): (() => KernelProfile[]) | null {
  const backend = findBackend(BACKEND_NAME) as NativeBackend | null;
  if (backend === null) return null;
  backend.addon.startProfile();
  return () => JSON.parse(backend.addon.takeProfile()) as KernelProfile[];
}
