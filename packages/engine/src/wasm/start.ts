import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, sep } from 'node:path';
import { env } from '@tensorflow/tfjs-core';
import { registerWasmKernels } from './register-kernels.ts';

/** TF.js's WebAssembly backend, from the binary files of its package. */
export async function startWasm() {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(folder + sep);
  registerWasmKernels();
  const hasSimd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { isa: hasSimd ? 'wasm-simd' : 'wasm', threads: 1, device: cpus()[0]?.model ?? 'unknown' };
}
