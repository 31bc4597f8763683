import type { Padding } from '@singan/contracts';
import type { Size } from '@singan/domain';
import { IMAGE_CHANNELS, MARGIN } from './net-layout.ts';

/** [1, height, width, channels] */
export type NoiseShape = [number, number, number, number];

export interface NoisePlace {
  readonly scale: number;
  /** Of the image. */
  readonly size: Size;
  readonly padding: Padding;
}

/**
 * Shape of the noise of a scale. With noise padding it surrounds the image by 5 px on each side. At the coarsest scale it is
 * gray, one channel for all three: it decides the layout, not the colours.
 */
export function noiseShape({ scale, size, padding }: NoisePlace): NoiseShape {
  const around = padding === 'noise' ? 2 * MARGIN : 0;
  return [1, size.height + around, size.width + around, scale === 0 ? 1 : IMAGE_CHANNELS];
}
