import { AppError } from '@singan/domain';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

const MEBIBYTE = 2 ** 20;

/** What Emscripten's module has besides the functions that TF.js declares. */
interface EmscriptenHeap {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly HEAPU8: Uint8Array;
}

const guarded = new WeakSet<EmscriptenHeap>();

/**
 * Makes a full heap an error. The allocator answers 0 then, which TF.js takes for an address: tensors would be written over each
 * other without a word (seen with blocks of 512 MiB from the eighth on).
 */
export function guardHeap(backend: BackendWasm): void {
  const heap = backend.wasm as unknown as EmscriptenHeap;
  if (guarded.has(heap)) return;
  guarded.add(heap);
  // Emscripten's stub puts the real function in its place at the first call.
  heap._free(heap._malloc(1));
  const malloc = heap._malloc;
  heap._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new AppError(
      'plan.too_much_memory',
      `The wasm engine has no room for ${Math.ceil(bytes / MEBIBYTE)} MiB more in its heap of ${Math.round(heap.HEAPU8.length / MEBIBYTE)} MiB (4096 at most): train or draw smaller.`,
    );
  };
}
