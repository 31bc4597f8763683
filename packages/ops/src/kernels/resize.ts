import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ResizeInputs {
  /** [1, H, W, C] */
  readonly x: Tensor4D;
}

export interface ResizeAttrs {
  /** Height of the result in pixels. */
  readonly height: number;
  /** Width of the result in pixels. */
  readonly width: number;
}

/** y = A x B' per channel, A and B the weights of `resizeWeights` for height and width; [1, height, width, C]. */
export const resizeKernel = defineKernel<ResizeInputs, ResizeAttrs, Tensor4D>('Resize');
