import type { Kernel } from '../define-kernel.ts';

/** A kernel made of stock TF.js ops: takes and returns tensors. TF.js records nothing inside a kernel. */
export type ComposedOf<K> =
  K extends Kernel<infer Inputs, infer Attrs, infer Outputs> ? (inputs: Inputs, attrs: Attrs) => Outputs : never;
