import type { Tensor4D } from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.ts';

export interface ResizeGradInputs {
  /** Cotangent of Resize's result, [1, h, w, C]. */
  readonly dy: Tensor4D;
}

export interface ResizeGradAttrs {
  /** Height of Resize's input in pixels. */
  readonly height: number;
  /** Width of Resize's input in pixels. */
  readonly width: number;
}

/** dx = A' dy B per channel, with Resize's A and B; [1, height, width, C]. */
export const resizeGradKernel = defineKernel<ResizeGradInputs, ResizeGradAttrs, Tensor4D>('ResizeGrad');
