import { type Tensor, util } from '@tensorflow/tfjs-core';
import { type NoiseAttrs, noiseKernel } from './kernels/noise.ts';

/**
 * Standard normal noise: Philox4x32-10 with key (seed, stream) and counter (block, 0, counter), then Box-Muller. A pure
 * function of its options: equal options give equal values (on another backend up to float32 rounding), see `philoxNormal`.
 * @returns float32 tensor of `shape`, owned by the caller.
 */
export function standardNormal<T extends Tensor = Tensor>({ shape, seed, stream, counter }: NoiseAttrs): T {
  util.assert(
    [seed, stream, ...counter].every(isUint32),
    () => `expected unsigned 32-bit integers, got seed ${seed}, stream ${stream}, counter ${counter}`,
  );
  return noiseKernel.run({}, { shape, seed, stream, counter }) as T;
}

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}
