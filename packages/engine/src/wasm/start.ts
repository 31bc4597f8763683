import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, sep } from 'node:path';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, env, setBackend } from '@tensorflow/tfjs-core';
import { guardHeap } from './guard-heap.ts';
import { registerWasmKernels } from './register-kernels.ts';

/** TF.js's WebAssembly backend, from the binary files of its package. */
export async function startWasm() {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(folder + sep);
  registerWasmKernels();
  await setBackend('wasm');
  guardHeap(backend() as BackendWasm);
  const hasSimd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { isa: hasSimd ? 'wasm-simd' : 'wasm', threads: 1, device: cpus()[0]?.model ?? 'unknown' };
}
