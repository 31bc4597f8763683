import type { Tensor } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface NoiseAttrs {
  readonly shape: readonly number[];
  /** u32: first word of the Philox key. */
  readonly seed: number;
  /** u32: second word of the Philox key. */
  readonly stream: number;
  /** u32 pair: third and fourth word of the Philox counter; the first counts blocks of four values. */
  readonly counter: readonly [number, number];
}

/** Standard normal values, equal to `philoxNormal` up to float32 rounding, in row-major order. */
export const noiseKernel = defineKernel<Record<string, never>, NoiseAttrs, Tensor>('Noise');
