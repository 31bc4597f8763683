import type { Tensor } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

/** 4n tensors: n variables, n gradients, n first moments, n second moments, in the same order; shapes equal within a place. */
export type AdamUpdateInputs = readonly Tensor[];

export interface AdamUpdateAttrs {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** 3n new tensors: variables, first moments, second moments. The inputs stay as they are (others may share their data). */
export type AdamUpdateOutputs = Tensor[];

/**
 * m' = beta1 m + (1 - beta1) g; v' = beta2 v + (1 - beta2) g^2;
 * variable' = variable - learningRate / (1 - beta1^step) m' / (sqrt(v') / sqrt(1 - beta2^step) + epsilon).
 */
export const adamUpdateKernel = defineKernel<AdamUpdateInputs, AdamUpdateAttrs, AdamUpdateOutputs>('AdamUpdate');
