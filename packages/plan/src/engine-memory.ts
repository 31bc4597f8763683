/**
 * Of the 4 GiB that 32-bit addresses reach, what blocks of very different sizes can fill: 512 MiB blocks found no room above
 * 3.5 GiB. Beyond it the allocator answers 0 and TF.js writes on, into other tensors.
 */
const WASM_HEAP_BYTES = 3.5 * 2 ** 30;

/** Most bytes of a training that an engine can hold, whatever memory the machine has. */
export function engineMemoryBytes(engine: string): number {
  return engine === 'wasm' ? WASM_HEAP_BYTES : Number.POSITIVE_INFINITY;
}
