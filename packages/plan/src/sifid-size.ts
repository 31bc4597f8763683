import type { SifidLayer } from '@singan/contracts';
import type { Size } from '@singan/domain';

/**
 * Smallest picture with a SIFID at a layer, px. Its features must have a covariance, which takes two locations, and the
 * convolutions and the pooling before the layer leave 1 of 7 px (conv2d_4a: of 19) and 2 of 9 (of 23).
 */
export const SMALLEST_SIFID_SIZE: Readonly<Record<SifidLayer, { readonly shorter: number; readonly longer: number }>> =
  {
    conv2d_2b: { shorter: 7, longer: 9 },
    conv2d_4a: { shorter: 19, longer: 23 },
  };

/** Whether a picture is large enough for a SIFID at this layer. */
export function hasSifid({ width, height }: Size, layer: SifidLayer): boolean {
  const { shorter, longer } = SMALLEST_SIFID_SIZE[layer];
  return Math.min(width, height) >= shorter && Math.max(width, height) >= longer;
}
